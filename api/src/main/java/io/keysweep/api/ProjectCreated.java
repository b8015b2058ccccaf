package io.keysweep.api;

import org.jspecify.annotations.Nullable;

/**
 * Describes a new project and its first access key; {@code POST /api/v1/projects} returns it.
 *
 * <p>No other response contains this secret key, so the client must keep it. A repeated request has the {@code
 * Idempotency-Key} of an earlier one, and gets the project that the earlier request created.
 *
 * @param projectId id of the project, 32 hex characters
 * @param name name of the project
 * @param accessKey access key id (AK); null in the response to a repeated request if the key was withdrawn
 * @param secretKey secret access key (SK); null in the response to a repeated request
 */
public record ProjectCreated(
        String projectId,
        String name,
        @Nullable String accessKey,
        @Nullable String secretKey) {

    /** Returns a text for logs, without the secret key. */
    @Override
    public String toString() {
        return "ProjectCreated[projectId=" + projectId + ", name=" + name + ", accessKey=" + accessKey + "]";
    }
}
