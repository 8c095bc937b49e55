/**
 * What a session is fed: the recordings of a data set as features, computed once and kept on disk, and gathered into
 * batches. Must never know of networks or how a run goes.
 */
package org.chiffchaff.training.feed;
