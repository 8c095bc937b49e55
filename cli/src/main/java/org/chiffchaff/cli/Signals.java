package org.chiffchaff.cli;

import java.lang.reflect.Proxy;
import java.util.Optional;

/**
 * Signals of the operating system. By reflection, as javac warns of Java's classes for them and cannot be told not to;
 * they are in every JDK.
 */
final class Signals {
    private Signals() {}

    /**
     * Runs {@code action}, on a thread of its own, whenever the signal arrives.
     *
     * @param name without SIG
     * @return the handler before, for {@link #restore}; empty where the system lacks the signal, or Java was told to
     *     leave signals alone
     */
    static Optional<Object> handle(String name, Runnable action) {
        try {
            Class<?> type = Class.forName("sun.misc.SignalHandler");
            return set(
                    name,
                    Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                        action.run();
                        return null;
                    }));
        } catch (ReflectiveOperationException e) {
            return Optional.empty();
        }
    }

    /** Puts back what {@link #handle} returned. */
    static void restore(String name, Object handler) {
        try {
            set(name, handler);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("SIG" + name + " was handled, and cannot be handled as before", e);
        }
    }

    private static Optional<Object> set(String name, Object handler) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> type = Class.forName("sun.misc.SignalHandler");
        return Optional.ofNullable(signal.getMethod("handle", signal, type)
                .invoke(null, signal.getConstructor(String.class).newInstance(name), handler));
    }
}
