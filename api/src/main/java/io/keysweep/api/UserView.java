package io.keysweep.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Describes a user, a person who signs in with a password; the paths below {@code /api/v1/projects/{id}/users} return
 * it.
 *
 * @param name name of the user, unique in the service
 * @param projectId id of the project that the user acts for
 * @param policies names of the policies of the user, sorted
 * @param instances ids of the only instances that the user has rights for; null if the user is not limited by ids
 * @param tags tags of the only instances that the user has rights for; null if the user is not limited by tags
 * @param createdAt when the user was created
 * @param disabledAt when the user was disabled; null while the user can sign in
 * @param lastUsedAt about when the user last made a request, to the minute; null for never
 */
public record UserView(
        String name,
        String projectId,
        List<String> policies,
        @Nullable List<String> instances,
        @Nullable Map<String, String> tags,
        Instant createdAt,
        @Nullable Instant disabledAt,
        @Nullable Instant lastUsedAt) {}
