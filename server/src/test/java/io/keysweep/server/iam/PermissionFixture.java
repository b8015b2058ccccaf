package io.keysweep.server.iam;

import static java.util.Objects.requireNonNull;

import io.keysweep.server.TestDatabase;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Runs a service with two projects for {@link PermissionMatrixIT}.
 *
 * <p>The first project has one resource of each kind. Access keys are created when tests need them.
 */
final class PermissionFixture implements AutoCloseable {

    private final RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
    private final TestService service;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Credentials keyOfFirstProject;
    private final Credentials keyOfSecondProject;

    /** The ids of the resources of the first project, by names such as {@code ended scan}. */
    private final Map<String, String> ids = new HashMap<>();

    /** The access keys that exist, by their projects and actions. */
    private final Map<String, Credentials> keys = new HashMap<>();

    /** The number of names that requests have used. It makes each name unique. */
    private int usedNames;

    /** Contains the parts of a response that tests compare. */
    record Reply(int status, String body) {}

    /**
     * Starts the service without the role worker, so that a scan waits until it is cancelled. The database is
     * PostgreSQL, because a service on H2 must have all roles.
     */
    PermissionFixture(Path home) throws SQLException {
        service = TestService.start(
                home,
                Map.of(
                        "KEYSWEEP_DATABASE_URL", TestDatabase.postgresUrl(),
                        "KEYSWEEP_ROLES", "api",
                        "KEYSWEEP_LIMITS_RATE_PER_KEY", "1000000",
                        "KEYSWEEP_LIMITS_RATE_PER_ADDRESS", "1000000"));
        keyOfFirstProject = service.project("first-project");
        keyOfSecondProject = service.project("second-project");
        ids.put("project", keyOfFirstProject.projectId());
        ids.put("instance", service.register(keyOfFirstProject, "first-instance", redis.uri()));
        ids.put("scan", newScan(id("instance")));
        ids.put("ended scan", newScan(service.register(keyOfFirstProject, "second-instance", redis.uri())));
        create("POST", "/api/v1/scans/" + id("ended scan") + "/cancel", "");
        ids.put("webhook", create("POST", "/api/v1/webhooks", "{\"url\":\"http://127.0.0.1:1/a\"}"));
        ids.put("unused webhook", create("POST", "/api/v1/webhooks", "{\"url\":\"http://127.0.0.1:1/b\"}"));
        ids.put("delivery", create("POST", "/api/v1/webhooks/" + id("webhook") + "/test", ""));
    }

    /** Returns texts that would reveal the instances: their ids and names, and the ids of their scans and webhook. */
    Set<String> textsThatRevealInstances() {
        return Set.of(id("instance"), id("scan"), id("ended scan"), id("webhook"), "first-instance", "second-instance");
    }

    /** Returns a key of the first project with every action, limited to an instance that nothing else uses. */
    Credentials keyOfOneInstance() {
        return keys.computeIfAbsent("narrowed", unused -> {
            String instanceId = service.register(keyOfFirstProject, "third-instance", redis.uri());
            return newKey(keyOfFirstProject, "{\"actions\":[\"*\"],\"instances\":[\"" + instanceId + "\"]}");
        });
    }

    private String newScan(String instanceId) {
        return create("POST", "/api/v1/scans", "{\"instanceId\":\"" + instanceId + "\"}");
    }

    /** Calls an operation as the first project, and returns the id in the response. */
    private String create(String method, String path, String body) {
        return service.call(keyOfFirstProject, method, path, body).id();
    }

    /** Returns the id of a resource of the first project, such as {@code ended scan}. */
    private String id(String resource) {
        return requireNonNull(ids.get(resource), resource);
    }

    /** Returns texts that would reveal the first project and its resources: their ids and names. */
    Set<String> revealingTexts() {
        Set<String> traces = new TreeSet<>(ids.values());
        traces.addAll(List.of("first-project", "first-instance", keyOfFirstProject.dashedProjectId()));
        return traces;
    }

    /** Returns a key of the first project with exactly these actions, which may be none. */
    Credentials key(Set<String> actions) {
        return key(keyOfFirstProject, actions);
    }

    /** Returns a key of the second project with exactly these actions. */
    Credentials keyOfAnotherProject(Set<String> actions) {
        return key(keyOfSecondProject, actions);
    }

    /** Returns a key of the first project with every action but these. */
    Credentials keyWithout(Set<String> actions) {
        return key(Arrays.stream(Action.values())
                .map(Action::wireName)
                .filter(action -> !actions.contains(action))
                .collect(Collectors.toSet()));
    }

    /** Returns a key with exactly these actions, the same one each time. */
    private Credentials key(Credentials projectKey, Set<String> actions) {
        return keys.computeIfAbsent(
                projectKey.projectId() + new TreeSet<>(actions), unused -> newKey(projectKey, actions));
    }

    /** Creates a key with exactly these actions. */
    private Credentials newKey(Credentials projectKey, Set<String> actions) {
        // The API creates no key without actions, so the key gets one that is then removed.
        String names = (actions.isEmpty() ? Set.of(Action.LIST_INSTANCES.wireName()) : new TreeSet<>(actions))
                .stream().map(action -> "\"" + action + "\"").collect(Collectors.joining(","));
        Credentials key = newKey(projectKey, "{\"actions\":[" + names + "]}");
        if (actions.isEmpty()) {
            service.bean(JdbcClient.class)
                    .sql("update access_key set actions = '' where id = ?")
                    .param(key.accessKey())
                    .update();
        }
        return key;
    }

    /** Creates a key from a request body. */
    private Credentials newKey(Credentials projectKey, String body) {
        return service.newKey(service.administrator(), projectKey.projectId(), body);
    }

    /**
     * Calls an operation on the resources of the first project.
     *
     * @param caller the key that signs the request, or null to send no credentials
     * @param action the action that stands for {@code {action}} in the body
     */
    Reply call(PermissionRow row, @Nullable Credentials caller, String action)
            throws IOException, InterruptedException {
        ApiOperations.ApiOperation operation = ApiOperations.operation(row);
        String path = operation
                .path()
                .replace("{id}", row.id().isEmpty() ? "{id}" : id(row.id()))
                .replace("{accessKey}", (caller == null ? keyOfFirstProject : caller).accessKey())
                .replace("{name}", "viewer")
                .replace("{deliveryId}", id("delivery"))
                .replace("{project_id}", id("project"))
                .replace("{instance_id}", id("instance"));

        String body = row.body()
                .replace("{name}", "name-" + ++usedNames)
                .replace("{action}", action)
                .replace("{instance}", id("instance"));

        Map<String, String> headers = Map.of("Content-Type", "application/json");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(service.endpoint() + path))
                .timeout(Duration.ofMinutes(3))
                .method(
                        operation.method(),
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        (caller == null ? headers : service.sign(caller, operation.method(), path, headers, body))
                .forEach(request::header);

        HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Reply(response.statusCode(), response.body());
    }

    /** Returns the service. */
    TestService service() {
        return service;
    }

    @Override
    public void close() {
        http.close();
        service.close();
        redis.close();
    }
}
