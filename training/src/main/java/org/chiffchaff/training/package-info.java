/**
 * From a split data set to a model bundle, in four rooms, each knowing only those before it: {@code session}, {@code feed},
 * {@code run} and {@code command}. Must never know of servers.
 */
package org.chiffchaff.training;
