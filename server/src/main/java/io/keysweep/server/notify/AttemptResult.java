package io.keysweep.server.notify;

import io.keysweep.engine.text.ForeignText;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Describes the result of one attempt to deliver a notice: what the receiver answered, or why there was no answer.
 *
 * <p>A notice is the message about one event. A webhook is a URL of a user that receives notices. {@link WebhookCall}
 * creates results, and {@link Deliveries} uses them to decide whether another attempt follows.
 *
 * @param status the HTTP status of the answer, such as 503; null if the receiver did not answer
 * @param error why the attempt failed, in words for users, cut to 500 characters; null if the receiver accepted the
 *     notice
 * @param retryAfter how long the receiver asks the service to wait before the next attempt; null if it does not ask;
 *     negative if it names a time that has passed
 */
record AttemptResult(
        @Nullable Integer status,
        @Nullable String error,
        @Nullable Duration retryAfter) {

    /** The status with which a receiver refuses all further notices. */
    private static final int HTTP_GONE = 410;

    /** Length of the SQL column {@code error}, in characters. */
    private static final int MAX_ERROR_LENGTH = 500;

    AttemptResult {
        error = error == null ? null : ForeignText.beginning(error, MAX_ERROR_LENGTH);
    }

    /** Returns the result of an attempt that the receiver did not answer, or that the service could not make. */
    static AttemptResult unanswered(String error) {
        return new AttemptResult(/* status= */ null, error, /* retryAfter= */ null);
    }

    /** Returns whether the receiver accepted the notice. */
    boolean accepted() {
        return error == null;
    }

    /**
     * Returns whether the receiver has answered with status 410: it wants no more notices, so the webhook is disabled.
     */
    boolean refusesWebhook() {
        return status != null && status == HTTP_GONE;
    }
}
