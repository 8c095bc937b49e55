/**
 * The door to ONNX Runtime's training API: the graphs and checkpoints it works on, and steps in two halves. Must never
 * know of recordings, runs or files beyond those four.
 */
package org.chiffchaff.training.session;
