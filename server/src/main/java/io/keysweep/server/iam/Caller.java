package io.keysweep.server.iam;

import io.keysweep.server.error.RequestRefusedException;
import java.util.Set;

/**
 * Identifies who makes an authenticated request: an access key, with its project and permissions.
 *
 * <p>Controllers receive the caller from Spring Security.
 *
 * @param accessKey access key id (AK)
 * @param projectId id of the one project that the key acts for
 * @param actions IAM names of the permitted actions; {@code *} permits everything
 */
public record Caller(String accessKey, String projectId, Set<String> actions) {

    public Caller {
        actions = Set.copyOf(actions);
    }

    /**
     * Refuses the request if the caller does not have an action.
     *
     * @throws RequestRefusedException if the caller does not have the action
     */
    public void require(Action action) {
        if (!may(action)) {
            throw RequestRefusedException.action(action.wireName());
        }
    }

    /** Returns whether the caller has an action. */
    public boolean may(Action action) {
        return actions.contains(Action.EVERYTHING)
                || actions.contains(action.wireName())
                || (action.isGrantedByAnalyze() && actions.contains(Action.ANALYZE));
    }
}
