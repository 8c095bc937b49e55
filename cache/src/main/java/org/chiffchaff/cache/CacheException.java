package org.chiffchaff.cache;

/** No folder can keep what this program has to unpack. The message says which were tried, why not, and the remedy. */
public final class CacheException extends RuntimeException {
    CacheException(String message) {
        super(message);
    }
}
