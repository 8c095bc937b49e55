package org.chiffchaff.data;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** How well scores tell the true class of clips: single-label classification, as scikit-learn defines it. */
public final class Metrics {
    private final int[] ranks;
    private final int[][] confusion;
    private final List<ClassMetrics> classes;

    private Metrics(int[] ranks, int[][] confusion) {
        this.ranks = ranks;
        this.confusion = confusion;
        classes = IntStream.range(0, confusion.length)
                .mapToObj(this::classMetrics)
                .toList();
    }

    /**
     * @param truth the class of each clip
     * @param scores [clip][class], higher is likelier; of equal scores the first class counts as the higher
     */
    public static Metrics of(int[] truth, float[][] scores) {
        if (truth.length == 0 || truth.length != scores.length) {
            throw new DataException("metrics of " + truth.length + " true classes and " + scores.length
                    + " rows of scores; expected as many of one as of the other, and at least one");
        }
        int classCount = scores[0].length;
        int[] ranks = new int[truth.length];
        int[] predicted = new int[truth.length];
        for (int clip = 0; clip < truth.length; clip++) {
            check(clip, truth[clip], scores[clip], classCount);
            ranks[clip] = rank(truth[clip], scores[clip]);
            predicted[clip] = highest(scores[clip]);
        }
        return ofRanks(classCount, truth, predicted, ranks);
    }

    /**
     * The same where the scores are gone.
     *
     * @param predicted the class of each clip's highest score
     * @param ranks how many classes come before the true one
     */
    static Metrics ofRanks(int classCount, int[] truth, int[] predicted, int[] ranks) {
        if (truth.length == 0) {
            throw new DataException("metrics of no clips; expected at least one");
        }
        int[][] confusion = new int[classCount][classCount];
        for (int clip = 0; clip < truth.length; clip++) {
            confusion[truth[clip]][predicted[clip]]++;
        }
        return new Metrics(ranks, confusion);
    }

    /** The fraction of clips whose highest score is that of their class. */
    public double accuracy() {
        return topK(1);
    }

    /** The fraction of clips whose class is among the k highest scores. */
    public double topK(int k) {
        return (double) Arrays.stream(ranks).filter(rank -> rank < k).count() / ranks.length;
    }

    /** Whether that says anything: of k classes or fewer, any order has the right one among the first k. */
    public boolean hasTopK(int k) {
        return confusion.length > k;
    }

    /** The fraction of clips of the most common class: the accuracy of who always names that one. */
    public double majorityShare() {
        return IntStream.range(0, confusion.length).map(this::support).max().orElseThrow() / (double) ranks.length;
    }

    /** The mean F1 of the classes that occur in the truth or among the predictions. */
    public double macroF1() {
        return IntStream.range(0, confusion.length)
                .filter(label -> support(label) + predicted(label) > 0)
                .mapToDouble(label -> classes.get(label).f1())
                .average()
                .orElseThrow();
    }

    /** By class index. */
    public List<ClassMetrics> classes() {
        return classes;
    }

    /** How many clips of one class were taken for another, or for itself. */
    public int confused(int truth, int prediction) {
        return confusion[truth][prediction];
    }

    private ClassMetrics classMetrics(int label) {
        return ClassMetrics.of(confusion[label][label], predicted(label), support(label));
    }

    private int support(int label) {
        return Arrays.stream(confusion[label]).sum();
    }

    private int predicted(int label) {
        return Arrays.stream(confusion).mapToInt(row -> row[label]).sum();
    }

    private static void check(int clip, int truth, float[] scores, int classCount) {
        if (scores.length != classCount || truth < 0 || truth >= classCount) {
            throw new DataException("clip " + clip + " is of class " + truth + " and has " + scores.length
                    + " scores; expected " + classCount + " as the first clip has, and a class among them");
        }
        for (float score : scores) {
            // Not a number is neither higher nor lower than any score, so it would look like a hit.
            if (Float.isNaN(score)) {
                throw new DataException("clip " + clip + " has a score that is not a number; expected a model whose"
                        + " training has not diverged");
            }
        }
    }

    /** How many classes come before the true one. */
    private static int rank(int truth, float[] scores) {
        return (int) IntStream.range(0, scores.length)
                .filter(other -> scores[other] > scores[truth] || (scores[other] == scores[truth] && other < truth))
                .count();
    }

    /** The class with the highest score, the first of equals. */
    public static int highest(float[] scores) {
        int best = 0;
        for (int label = 1; label < scores.length; label++) {
            best = scores[label] > scores[best] ? label : best;
        }
        return best;
    }
}
