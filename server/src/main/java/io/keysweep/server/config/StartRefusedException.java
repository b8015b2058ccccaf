package io.keysweep.server.config;

import org.jspecify.annotations.Nullable;

/**
 * Reports that no start can succeed until the operator changes something outside the settings, such as a file.
 *
 * <p>The process then exits with the same code as for invalid settings, so that systemd does not repeat the start. A
 * cause that can disappear without the operator, such as a full disk, is a plain {@code IllegalStateException}.
 */
public final class StartRefusedException extends IllegalStateException {

    /**
     * Creates the exception.
     *
     * @param message what is wrong and what to do, for the operator
     */
    public StartRefusedException(String message) {
        this(message, /* cause= */ null);
    }

    /**
     * Creates the exception with its cause.
     *
     * @param message what is wrong and what to do, for the operator
     */
    public StartRefusedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
