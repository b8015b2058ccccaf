package io.keysweep.cli.service;

import io.keysweep.api.AccessKeyRegistration;
import io.keysweep.api.AccessKeyView;
import io.keysweep.api.ProjectCreated;
import io.keysweep.api.ProjectRegistration;
import io.keysweep.api.ProjectView;
import java.util.List;
import java.util.Map;

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
    AccessKeyView createKey(String projectId, List<String> actions) throws InterruptedException {
        return client.call("POST", keysPath(projectId), new AccessKeyRegistration(actions), AccessKeyView.class);
    }

    void withdrawKey(String projectId, String accessKey) throws InterruptedException {
        client.delete(keysPath(projectId) + "/" + ServiceClient.segment(accessKey));
    }

    private static String path(String id) {
        return PROJECTS + "/" + ServiceClient.segment(id);
    }

    private static String keysPath(String projectId) {
        return path(projectId) + "/access-keys";
    }
}
