/**
 * A training run from its plan to its bundle: the loop, how far it is, what its folder holds. Must never know of command
 * lines.
 */
package org.chiffchaff.training.run;
