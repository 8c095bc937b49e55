/** The folder for what can be made anew. Knows nothing of what is kept in it. */
package org.chiffchaff.cache;
