"""scikit-learn's classification metrics, the truth for Metrics. Writes one JSON file a case."""

import json

import numpy as np
import sklearn
from sklearn import metrics

from hashing import ROOT, uniform

# name -> samples, classes, hash stream, how far the true class is raised, classes never true, classes never predicted
CASES = {
    "balanced": (200, 4, 5000, 0.8, [], []),
    "long-tailed": (600, 30, 5002, 0.6, [], []),
    "absent-from-truth": (150, 12, 5004, 0.5, [3, 11], []),
    "absent-from-prediction": (150, 12, 5006, 0.5, [], [0, 7]),
    "absent-from-both": (40, 25, 5008, 0.4, [24, 20], [24, 2]),
    "hopeless": (300, 89, 5010, 0.0, [], []),
    "perfect": (60, 6, 5012, 3.0, [], []),
    "two-classes": (25, 2, 5014, 0.3, [], []),
}


def truths(samples, classes, stream, never):
    """Long-tailed: class 0 is the commonest. A class that may not occur gives way to class 1."""
    fraction = (uniform(samples, stream) + 1) / 2
    labels = (fraction * fraction * classes).astype(int)
    return np.where(np.isin(labels, never), 1, labels)


def scored(truth, classes, stream, raised, never):
    """float32[samples, classes]"""
    scores = uniform(truth.size * classes, stream).reshape(truth.size, classes)
    scores[np.arange(truth.size), truth] += raised
    scores[:, never] = -2
    return scores.astype(np.float32)


def figures(truth, scores, classes):
    predicted = scores.argmax(axis=1)
    ranks = {1, 5} if classes > 5 else {1}
    return {
        "accuracy": metrics.accuracy_score(truth, predicted),
        # scikit-learn's default: the mean over classes that occur in the truth or among the predictions.
        "macroF1": metrics.f1_score(truth, predicted, average="macro", zero_division=0),
        "topK": {str(k): top(truth, scores, k, classes) for k in sorted(ranks)},
    }


def case(samples, classes, stream, raised, never_true, never_predicted):
    truth = truths(samples, classes, stream, never_true)
    scores = scored(truth, classes, stream + 1, raised, never_predicted)
    predicted = scores.argmax(axis=1)
    everything = range(classes)
    table = metrics.precision_recall_fscore_support(truth, predicted, labels=everything, zero_division=0)
    return {
        "classes": classes,
        "scoreStream": stream + 1,
        "raised": raised,
        "neverPredicted": never_predicted,
        "truth": truth.tolist(),
        **figures(truth, scores, classes),
        "everyThird": figures(truth[::3], scores[::3], classes),
        "precision": table[0].tolist(),
        "recall": table[1].tolist(),
        "f1": table[2].tolist(),
        "support": table[3].tolist(),
        "confusion": metrics.confusion_matrix(truth, predicted, labels=everything).tolist(),
    }


def top(truth, scores, k, classes):
    if classes == 2:  # scikit-learn wants one column there, and top-1 is the accuracy
        return metrics.accuracy_score(truth, scores.argmax(axis=1))
    return metrics.top_k_accuracy_score(truth, scores, k=k, labels=range(classes))


README = """Classification metrics by scikit-learn {version}, written by tools/golden/metrics.py, one JSON file a case.

scores[i][c] = float32(u(i * classes + c, scoreStream) + (c == truth[i] ? raised : 0)), then -2 where c is in
neverPredicted; u is defined in tools/golden/hashing.py. The prediction is the highest score. confusion[t][p] counts clips
of class t predicted as p; macroF1 averages over classes that occur in the truth or among the predictions; a ratio
without a denominator is 0. everyThird is of clips 0, 3, 6, ... alone.
"""


def main():
    out = ROOT / "training/src/test/resources/golden/metrics"
    out.mkdir(parents=True, exist_ok=True)
    for name, settings in CASES.items():
        (out / f"{name}.json").write_text(json.dumps(case(*settings)) + "\n")
    (out / "README").write_text(README.format(version=sklearn.__version__))


if __name__ == "__main__":
    main()
