/**
 * Folders of recordings as data sets: who sings where, which recordings train and which test, how well a classifier
 * did, and a synthetic corpus to try it all on. Must never know of ONNX, features or the trainer.
 */
package org.chiffchaff.data;
