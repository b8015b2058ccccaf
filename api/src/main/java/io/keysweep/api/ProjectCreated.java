package io.keysweep.api;

import org.jspecify.annotations.Nullable;

/**
 * Represents a new project and its first access key in the response of {@code POST /api/v1/projects}.
 *
 * <p>No other response contains the secret key.
 *
 * @param projectId 32 hex characters
 * @param name name of the project
 * @param accessKey access key id (AK); null in the response to a repeated request if the key was withdrawn
 * @param secretKey secret access key (SK); null in the response to a repeated request
 */
public record ProjectCreated(
        String projectId,
        String name,
        @Nullable String accessKey,
        @Nullable String secretKey) {

    /** Returns a text without the secret key. */
    @Override
    public String toString() {
        return "ProjectCreated[projectId=" + projectId + ", name=" + name + ", accessKey=" + accessKey + "]";
    }
}
