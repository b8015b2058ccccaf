package io.keysweep.server.iam;

import io.keysweep.server.audit.AuditTrail;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import java.util.Collection;
import java.util.Set;

/**
 * Identifies who makes an authenticated request: an access key, with its project and permissions.
 *
 * <p>Controllers receive the caller from Spring Security. It shows the permissions that the key had when the request
 * began.
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
     * Requires that the caller has an action, and names the action in the audit log.
     *
     * @throws RequestRefusedException if the caller does not have the action
     */
    public void require(Action action) {
        AuditTrail.permission(action.wireName());
        if (!may(action)) {
            throw RequestRefusedException.action(action.wireName());
        }
    }

    /**
     * Requires that the caller has all the actions of an access key that it creates or withdraws. Nobody can give or
     * take a right that they do not have.
     *
     * @param names IAM names of actions, which may include {@code *} and {@code dcs:instance:analyze}
     * @throws RequestRefusedException if the caller does not have one of them
     */
    void requireAll(Collection<String> names) {
        for (String name : names) {
            // A name that is no action, such as "*", must be in the caller's own list, or be covered by "*" there.
            boolean has = actions.contains(name)
                    || Action.find(name).map(this::may).orElse(actions.contains(Action.EVERYTHING));
            if (!has) {
                throw RequestRefusedException.of(
                        ErrorCode.ACTION_DENIED, name, "An access key gives and takes only the actions that it has.");
            }
        }
    }

    /** Returns whether the caller has an action, by its own name or by a name that grants several actions. */
    public boolean may(Action action) {
        return actions.contains(Action.EVERYTHING)
                || actions.contains(action.wireName())
                || (action.isGrantedByAnalyze() && actions.contains(Action.ANALYZE));
    }
}
