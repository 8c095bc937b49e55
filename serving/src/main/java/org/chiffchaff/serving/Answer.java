package org.chiffchaff.serving;

import java.util.List;

/**
 * What was heard.
 *
 * @param detections in order of time, then of falling confidence
 * @param ranking of the whole recording, highest first
 * @param durationSeconds of the decoded recording
 * @param windows the model looked at
 */
record Answer(List<Detection> detections, List<Hit> ranking, double durationSeconds, int windows) {
    /** A class, by its place among the model's outputs, and how sure the model is. */
    record Hit(int species, float confidence) {}

    /** A hit within a stretch of the recording. */
    record Detection(double startSeconds, double endSeconds, Hit hit) {}
}
