package io.keysweep.cli.service;

import io.keysweep.api.AccessKeyRegistration;
import io.keysweep.api.AccessKeyView;
import io.keysweep.api.ProjectCreated;
import io.keysweep.api.ProjectRegistration;
import io.keysweep.api.ProjectView;
import java.util.List;

/** What a service is asked about projects and access keys. */
final class ProjectCalls {

    private static final String ALL = "/api/v1/projects";

    private final ServiceClient client;

    ProjectCalls(ServiceClient client) {
        this.client = client;
    }

    List<ProjectView> list() throws InterruptedException {
        return List.of(client.ask("GET", ALL, null, ProjectView[].class));
    }

    ProjectCreated create(String name) throws InterruptedException {
        return client.ask("POST", ALL, new ProjectRegistration(name), ProjectCreated.class);
    }

    ProjectView rename(String id, String name, IfVersionOption seen) throws InterruptedException {
        return client.ask(
                "PUT",
                one(id),
                new ProjectRegistration(name),
                ProjectView.class,
                seen.headers(),
                ServiceClient.ANSWER_TIMEOUT);
    }

    void delete(String id) throws InterruptedException {
        client.tell("DELETE", one(id));
    }

    List<AccessKeyView> keys(String projectId) throws InterruptedException {
        return List.of(client.ask("GET", keysOf(projectId), null, AccessKeyView[].class));
    }

    AccessKeyView createKey(String projectId, List<String> actions) throws InterruptedException {
        return client.ask("POST", keysOf(projectId), new AccessKeyRegistration(actions), AccessKeyView.class);
    }

    void withdraw(String projectId, String accessKey) throws InterruptedException {
        client.tell("DELETE", keysOf(projectId) + "/" + ServiceClient.segment(accessKey));
    }

    private static String one(String id) {
        return ALL + "/" + ServiceClient.segment(id);
    }

    private static String keysOf(String projectId) {
        return one(projectId) + "/access-keys";
    }
}
