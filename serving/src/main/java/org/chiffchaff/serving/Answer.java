package org.chiffchaff.serving;

import java.util.List;

/**
 * What was heard.
 *
 * @param detections in order of time, then of falling confidence
 * @param ranking of the whole recording, highest first; empty where no window holds sound
 * @param durationSeconds of the decoded recording
 * @param windows of the recording
 * @param warnings what is wrong with the recording: a word or two for its kind, a colon, and the rest
 */
record Answer(
        List<Detection> detections, List<Hit> ranking, double durationSeconds, int windows, List<String> warnings) {
    /** A warning's kind: what stands before its first colon, or the whole of one without. */
    static String code(String warning) {
        return warning.split(":", 2)[0];
    }

    /** A class, by its place among the model's outputs, and how sure the model is. */
    record Hit(int species, float confidence) {}

    /** A hit within a stretch of the recording. */
    record Detection(double startSeconds, double endSeconds, Hit hit) {}
}
