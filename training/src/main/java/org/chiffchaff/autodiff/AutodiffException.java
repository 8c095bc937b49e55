package org.chiffchaff.autodiff;

/**
 * A gradient that cannot be derived: no rule for an operator, a rule that broke its contract, a parameter the loss
 * never meets.
 */
public final class AutodiffException extends RuntimeException {
    public AutodiffException(String message) {
        super(message);
    }
}
