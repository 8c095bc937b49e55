/**
 * Gradients of graphs, as graphs. A table holds one rule per operator; the engine walks back from a loss, undoes
 * broadcasting and accumulates. Must never know of data, checkpoints or sessions.
 */
package org.chiffchaff.autodiff;
