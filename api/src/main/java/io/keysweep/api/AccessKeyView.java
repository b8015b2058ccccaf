package io.keysweep.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Represents an access key in responses of {@code /api/v1/projects/{id}/access-keys}.
 *
 * @param accessKey access key id (AK)
 * @param projectId id of the project that the key acts for
 * @param actions IAM names of the permitted actions, sorted
 * @param createdAt when the key was created
 * @param secretKey secret access key (SK); null except in the response to the creation of the key
 */
public record AccessKeyView(
        String accessKey,
        String projectId,
        List<String> actions,
        Instant createdAt,
        @Nullable String secretKey) {

    /** Returns a text without the secret key. */
    @Override
    public String toString() {
        return "AccessKeyView[accessKey=" + accessKey + ", projectId=" + projectId + ", actions=" + actions + "]";
    }
}
