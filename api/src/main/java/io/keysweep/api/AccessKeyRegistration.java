package io.keysweep.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Describes the access key that {@code POST /api/v1/projects/{id}/access-keys} must create; this is the request body.
 *
 * <p>An access key identifies a caller of the APIs. The new key needs at least one action or policy, unless a user owns
 * it. The caller who creates it must have every permission that the key gets.
 *
 * @param userId name of the user who owns the key; null for a key of the project
 * @param actions IAM names of the actions that the key permits, such as {@code dcs:instance:list}; the name {@code *}
 *     permits every action; null for none
 * @param policies names of built-in roles and of access policies of the project; null for none
 * @param instances ids of the only instances that the key may be used for; null if the key is not limited by ids
 * @param tags tags of the only instances that the key may be used for; null if the key is not limited by tags
 * @param expiresAt first instant at which the key can no longer be used; null if it never expires
 */
public record AccessKeyRegistration(
        @Nullable String userId,
        @Nullable List<String> actions,
        @Nullable List<String> policies,
        @Nullable List<String> instances,
        @Nullable Map<String, String> tags,
        @Nullable Instant expiresAt) {}
