package org.chiffchaff.models;

/**
 * What a model says of a batch of windows.
 *
 * @param probabilities [windows, classes], in [0, 1]
 * @param logits [windows, classes]
 * @param embeddings [windows, features of the last hidden layer]
 */
@SuppressWarnings("ArrayRecordComponent") // bulk numbers, passed on and never compared
public record Scores(float[][] probabilities, float[][] logits, float[][] embeddings) {}
