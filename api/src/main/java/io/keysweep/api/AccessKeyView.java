package io.keysweep.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Describes an access key of a project; {@code GET} and {@code POST /api/v1/projects/{id}/access-keys} return it.
 *
 * <p>An access key identifies a caller of the APIs by an id (AK) and a secret (SK).
 *
 * @param accessKey access key id (AK)
 * @param projectId id of the project that the key acts for
 * @param userId name of the user who owns the key, and whose rights limit it; null for a key of the project
 * @param actions IAM names of the permitted actions, such as {@code dcs:instance:list}, sorted
 * @param policies names of the policies of the key, sorted
 * @param instances ids of the only instances that the key may be used for; null if the key is not limited by ids
 * @param tags tags of the only instances that the key may be used for; null if the key is not limited by tags
 * @param createdAt when the key was created
 * @param state {@code "enabled"} if the key can be used; {@code "disabled"} if it was disabled; {@code "expired"} if
 *     {@code expiresAt} has passed; {@code "ownerDisabled"} if the user who owns it is disabled. If several of the
 *     last three apply, {@code state} is the first of them in this order
 * @param disabledAt when the key was disabled; null if it was not
 * @param expiresAt first instant at which the key can no longer be used; null if it never expires
 * @param lastUsedAt about when the key was last used, to the minute; null for never
 * @param secretKey secret access key (SK); null except in the response to the request that created the key
 */
public record AccessKeyView(
        String accessKey,
        String projectId,
        @Nullable String userId,
        List<String> actions,
        List<String> policies,
        @Nullable List<String> instances,
        @Nullable Map<String, String> tags,
        Instant createdAt,
        String state,
        @Nullable Instant disabledAt,
        @Nullable Instant expiresAt,
        @Nullable Instant lastUsedAt,
        @Nullable String secretKey) {

    /** Returns this view with a secret key, for the one response that shows it. */
    public AccessKeyView withSecret(String secret) {
        return new AccessKeyView(
                accessKey,
                projectId,
                userId,
                actions,
                policies,
                instances,
                tags,
                createdAt,
                state,
                disabledAt,
                expiresAt,
                lastUsedAt,
                secret);
    }

    /** Returns a text for logs, without the secret key. */
    @Override
    public String toString() {
        return "AccessKeyView[accessKey=" + accessKey + ", projectId=" + projectId + ", actions=" + actions
                + ", policies=" + policies + "]";
    }
}
