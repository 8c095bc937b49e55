/** The client: recordings to a server, species back. Must never know of models. */
package org.chiffchaff.client;
