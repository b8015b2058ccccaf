package io.keysweep.api;

/**
 * Answer to {@code POST /api/v1/projects}. The only time the secret key is shown.
 *
 * @param projectId 32 hex characters
 * @param name the project's name
 * @param accessKey access key id (AK)
 * @param secretKey secret access key (SK)
 */
public record ProjectCreated(String projectId, String name, String accessKey, String secretKey) {

    /** Never shows the secret key. */
    @Override
    public String toString() {
        return "ProjectCreated[projectId=" + projectId + ", name=" + name + ", accessKey=" + accessKey + "]";
    }
}
