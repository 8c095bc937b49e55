package org.chiffchaff.training.run;

/** Hears of a run's progress. Called on the thread that trains. */
interface TrainingListener {
    /** A step was taken. */
    void onStep(RunProgress progress);

    /**
     * An epoch is over and saved.
     *
     * @param best whether it is the best so far
     */
    void onEpoch(RunProgress progress, boolean best);
}
