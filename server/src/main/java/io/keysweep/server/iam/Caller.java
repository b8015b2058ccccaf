package io.keysweep.server.iam;

import io.keysweep.server.error.RequestRefusedException;
import java.util.Set;

/**
 * Who makes a request: an access key that has proved itself by a signature or a token.
 *
 * @param accessKey access key id
 * @param projectId the one project that it acts for
 * @param actions IAM names of what it may do; {@code *} is everything
 */
public record Caller(String accessKey, String projectId, Set<String> actions) {

    public Caller {
        actions = Set.copyOf(actions);
    }

    /**
     * Goes on only if the caller may do that.
     *
     * @throws RequestRefusedException if not
     */
    public void require(Action action) {
        if (!may(action)) {
            throw RequestRefusedException.action(action.wireName());
        }
    }

    /** Whether the caller may do that. */
    public boolean may(Action action) {
        return actions.contains(Action.EVERYTHING)
                || actions.contains(action.wireName())
                || (action.analysis() && actions.contains(Action.ANALYZE));
    }
}
