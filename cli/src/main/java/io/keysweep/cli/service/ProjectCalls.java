package io.keysweep.cli.service;

import io.keysweep.api.AccessKeyRegistration;
import io.keysweep.api.AccessKeyView;
import io.keysweep.api.ProjectCreated;
import io.keysweep.api.ProjectRegistration;
import io.keysweep.api.ProjectView;
import java.util.List;
import java.util.Map;

/** Sends the requests of the native API ({@code /api/v1}) for projects and access keys. */
final class ProjectCalls {

    private static final String PROJECTS = "/api/v1/projects";

    private final ServiceClient client;

    ProjectCalls(ServiceClient client) {
        this.client = client;
    }

    List<ProjectView> list() throws InterruptedException {
        return List.of(client.call("GET", PROJECTS, null, ProjectView[].class));
    }

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
        return List.of(client.call("GET", keysPath(projectId), null, AccessKeyView[].class));
    }

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
