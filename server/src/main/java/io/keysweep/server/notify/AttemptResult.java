package io.keysweep.server.notify;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What came of one attempt.
 *
 * @param status HTTP status, or null if there was no answer
 * @param error why it has failed, for people; null if it was taken
 * @param retryAfter how long the receiver wants to be left alone, or null
 */
record AttemptResult(
        @Nullable Integer status,
        @Nullable String error,
        @Nullable Duration retryAfter) {

    private static final int GONE = 410;
    private static final int LONGEST_ERROR = 500;

    AttemptResult {
        error = error == null || error.length() <= LONGEST_ERROR ? error : error.substring(0, LONGEST_ERROR);
    }

    /** There was none. */
    static AttemptResult none(String error) {
        return new AttemptResult(null, error, null);
    }

    /** Whether the receiver has taken the notice. */
    boolean taken() {
        return error == null;
    }

    /** Whether the receiver wants no more notices. */
    boolean gone() {
        return status != null && status == GONE;
    }
}
