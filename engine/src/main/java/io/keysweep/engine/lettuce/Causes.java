package io.keysweep.engine.lettuce;

import org.jspecify.annotations.Nullable;

/** Looks through an error and what caused it. */
final class Causes {

    private Causes() {}

    /** The outermost of a type, or null. */
    static <T extends Throwable> @Nullable T find(Throwable error, Class<T> type) {
        for (Throwable e = error; e != null; e = e.getCause()) {
            if (type.isInstance(e)) {
                return type.cast(e);
            }
        }
        return null;
    }

    /** What the innermost says, on one line and without a full stop; the name of its class if it says nothing. */
    static String deepest(Throwable error) {
        Throwable e = error;
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            e = cause;
        }
        String message = e.getMessage();
        return message == null
                ? e.getClass().getSimpleName()
                : message.strip().replaceAll("\\s*\\R\\s*", " ").replaceAll("\\.$", "");
    }
}
