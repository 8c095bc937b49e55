/**
 * From a split data set to a model bundle: the feature cache, training artifacts, the trainer and its run folder, and
 * the commands around them. Must never know of servers.
 */
package org.chiffchaff.training;
