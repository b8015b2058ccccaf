package io.keysweep.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An access key as {@code /api/v1/projects/{id}/access-keys} shows it.
 *
 * @param accessKey access key id (AK)
 * @param projectId the project that it acts for
 * @param actions what it may do, sorted
 * @param createdAt when it was made
 * @param secretKey secret access key (SK); only in the answer to its making, else null
 */
public record AccessKeyView(
        String accessKey,
        String projectId,
        List<String> actions,
        Instant createdAt,
        @Nullable String secretKey) {

    /** Never shows the secret key. */
    @Override
    public String toString() {
        return "AccessKeyView[accessKey=" + accessKey + ", projectId=" + projectId + ", actions=" + actions + "]";
    }
}
