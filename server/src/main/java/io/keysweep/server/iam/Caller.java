package io.keysweep.server.iam;

import io.keysweep.server.error.RequestRefusedException;
import java.util.Set;

/**
 * Identifies the authenticated access key that makes a request, with its project and permissions.
 *
 * @param accessKey access key id
 * @param projectId id of the one project that the key acts for
 * @param actions IAM names of the permitted actions; {@code *} permits everything
 */
public record Caller(String accessKey, String projectId, Set<String> actions) {

    public Caller {
        actions = Set.copyOf(actions);
    }

    /**
     * Requires that the caller has an action.
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
