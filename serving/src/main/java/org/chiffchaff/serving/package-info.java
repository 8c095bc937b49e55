/**
 * The server: a model bundle behind gRPC. Services are plain {@code BindableService}s that know no transport. Must
 * never know of training.
 */
package org.chiffchaff.serving;
