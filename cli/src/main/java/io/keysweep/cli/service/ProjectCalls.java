package io.keysweep.cli.service;

import io.keysweep.api.AccessKeyRegistration;
import io.keysweep.api.AccessKeyView;
import io.keysweep.api.ProjectCreated;
import io.keysweep.api.ProjectRegistration;
import io.keysweep.api.ProjectView;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sends the requests of the native API ({@code /api/v1}) for projects and access keys.
 *
 * <p>A project owns instances and access keys. An access key is an id with a secret, which signs requests. Each method
 * waits for the answer and returns it. Errors are reported as {@link ServiceClient} describes.
 */
final class ProjectCalls {

    private static final String PROJECTS = "/api/v1/projects";

    private final ServiceClient client;

    ProjectCalls(ServiceClient client) {
        this.client = client;
    }

    /** Returns the projects that the access key of the caller may see. */
    List<ProjectView> list() throws InterruptedException {
        return List.of(client.get(PROJECTS, ProjectView[].class));
    }

    /** Creates a project with its first access key. Only this answer contains the secret of the key. */
    ProjectCreated create(ProjectRegistration registration) throws InterruptedException {
        return client.call("POST", PROJECTS, registration, ProjectCreated.class);
    }

    ProjectView rename(String id, String name, IfVersionOption condition) throws InterruptedException {
        return client.call("PUT", path(id), Map.of("name", name), ProjectView.class, condition.headers());
    }

    void delete(String id) throws InterruptedException {
        client.delete(path(id));
    }

    List<AccessKeyView> keys(String projectId) throws InterruptedException {
        return List.of(client.get(keysPath(projectId), AccessKeyView[].class));
    }

    /** Creates an access key. Only this answer contains its secret. */
    AccessKeyView createKey(String projectId, AccessKeyRegistration registration) throws InterruptedException {
        return client.call("POST", keysPath(projectId), registration, AccessKeyView.class);
    }

    /** Changes the fields of an access key that {@code change} contains. */
    AccessKeyView changeKey(String projectId, String accessKey, Map<String, @Nullable Object> change)
            throws InterruptedException {
        return client.call("PATCH", keyPath(projectId, accessKey), change, AccessKeyView.class);
    }

    /** Creates another access key with the same rights. Only this answer contains its secret. */
    AccessKeyView rotateKey(String projectId, String accessKey, int overlapMinutes) throws InterruptedException {
        return client.call(
                "POST",
                keyPath(projectId, accessKey) + "/rotate",
                Map.of("overlapMinutes", overlapMinutes),
                AccessKeyView.class);
    }

    void withdrawKey(String projectId, String accessKey) throws InterruptedException {
        client.delete(keyPath(projectId, accessKey));
    }

    private static String path(String id) {
        return PROJECTS + "/" + ServiceClient.segment(id);
    }

    private static String keyPath(String projectId, String accessKey) {
        return keysPath(projectId) + "/" + ServiceClient.segment(accessKey);
    }

    private static String keysPath(String projectId) {
        return path(projectId) + "/access-keys";
    }
}
