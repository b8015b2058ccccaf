package io.keysweep.engine.lettuce;

import io.keysweep.engine.text.ForeignText;
import org.jspecify.annotations.Nullable;

/** Searches an exception and its causes, because Lettuce and Netty wrap the exception that explains a failure. */
final class ExceptionCauses {

    /**
     * The longest message in characters. It needs a limit because a peer can influence the text of an exception, for
     * example by its certificate.
     */
    private static final int MAX_SHOWN = 300;

    private ExceptionCauses() {}

    /** Returns the outermost exception of a type, or null if neither the exception nor a cause has the type. */
    static <T extends Throwable> @Nullable T find(Throwable error, Class<T> type) {
        for (Throwable e = error; e != null; e = e.getCause()) {
            if (type.isInstance(e)) {
                return type.cast(e);
            }
        }
        return null;
    }

    /**
     * Returns the message of the innermost cause, or its simple class name if it has no message. The message is on one
     * line, has no final full stop and is cut after {@value #MAX_SHOWN} characters, so that it fits into a sentence.
     */
    static String deepest(Throwable error) {
        Throwable e = error;
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            e = cause;
        }
        String message = e.getMessage();
        return message == null
                ? e.getClass().getSimpleName()
                : ForeignText.excerpt(
                        message.strip().replaceAll("\\s*\\R\\s*", " ").replaceAll("\\.$", ""), MAX_SHOWN);
    }
}
