package io.keysweep.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Describes an access key of a project; {@code GET} and {@code POST /api/v1/projects/{id}/access-keys} return it.
 *
 * <p>An access key identifies a caller of the APIs by an id (AK) and a secret (SK).
 *
 * @param accessKey access key id (AK)
 * @param projectId id of the project that the key acts for
 * @param actions IAM names of the permitted actions, such as {@code dcs:instance:list}, sorted
 * @param createdAt when the key was created
 * @param secretKey secret access key (SK); null except in the response to the request that created the key
 */
public record AccessKeyView(
        String accessKey,
        String projectId,
        List<String> actions,
        Instant createdAt,
        @Nullable String secretKey) {

    /** Returns a text for logs, without the secret key. */
    @Override
    public String toString() {
        return "AccessKeyView[accessKey=" + accessKey + ", projectId=" + projectId + ", actions=" + actions + "]";
    }
}
