/**
 * What is learned and what is shipped: the feature front-end, the architectures, the loss heads and the model bundle in
 * which training and serving meet. Must never know of recordings, trainers or servers.
 */
package org.chiffchaff.models;
