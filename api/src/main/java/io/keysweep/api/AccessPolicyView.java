package io.keysweep.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Describes an access policy of a project; the paths below {@code /api/v1/projects/{id}/access-policies} return it.
 *
 * @param name name of the policy, unique in the project
 * @param builtIn whether the policy is a built-in role, which cannot be changed
 * @param version version of the policy, which every change raises by 1. The ETag is this number in quotes
 * @param statements what the policy allows and denies; a denial wins
 * @param updatedAt when the policy was last changed; null for a built-in role
 * @param updatedBy who last changed the policy; null for a built-in role
 */
public record AccessPolicyView(
        String name,
        boolean builtIn,
        int version,
        List<Statement> statements,
        @Nullable Instant updatedAt,
        @Nullable String updatedBy) {

    /**
     * Describes one statement of a policy, which allows or denies actions on all instances or on some.
     *
     * @param effect {@code allow} or {@code deny}
     * @param actions IAM names of actions, or patterns in which {@code *} stands for any text, sorted
     * @param instances ids of the instances that the statement concerns; null if it does not name ids
     * @param tags tags of the instances that the statement concerns; null if it does not name tags
     */
    public record Statement(
            String effect,
            List<String> actions,
            @Nullable List<String> instances,
            @Nullable Map<String, String> tags) {}
}
