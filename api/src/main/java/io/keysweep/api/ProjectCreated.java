package io.keysweep.api;

import org.jspecify.annotations.Nullable;

/**
 * Answer to {@code POST /api/v1/projects}. The only time the secret key is shown; a repeat of the request is answered
 * without it.
 *
 * @param projectId 32 hex characters
 * @param name the project's name
 * @param accessKey access key id (AK); null in the answer to a repeat if it was withdrawn
 * @param secretKey secret access key (SK); null in the answer to a repeat
 */
public record ProjectCreated(
        String projectId,
        String name,
        @Nullable String accessKey,
        @Nullable String secretKey) {

    /** Never shows the secret key. */
    @Override
    public String toString() {
        return "ProjectCreated[projectId=" + projectId + ", name=" + name + ", accessKey=" + accessKey + "]";
    }
}
