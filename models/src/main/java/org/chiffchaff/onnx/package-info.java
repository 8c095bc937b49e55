/**
 * ONNX itself: a small vocabulary of values, operators and graphs, their files, and the one door to ONNX Runtime's
 * native library. Must never know what a graph is for.
 */
package org.chiffchaff.onnx;
