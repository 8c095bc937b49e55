/**
 * From a folder of recordings to the best checkpoint: data sets, splits, the feature cache, the trainer and its run
 * folder. Must never know of servers.
 */
package org.chiffchaff.training;
