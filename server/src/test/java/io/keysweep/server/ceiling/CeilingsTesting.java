package io.keysweep.server.ceiling;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Starts a server for tests of ceilings, and calls the APIs of ceilings and scans.
 *
 * <p>Each test has a new project.
 */
@ExtendWith(SharedServicesResolver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CeilingsTesting {

    private static final int LIVE = 20_000;
    private static final int DEAD = 10_000;

    private static final JsonMapper JSON = new JsonMapper();

    TestService service;
    private RedisServer redis;

    /** An access key of another project, which may set the ceilings of any project. */
    Credentials admin;

    /** The first access key of a new project, which may start scans but not set ceilings. */
    Credentials starter;

    /** Another access key of the same project, an administrator. */
    Credentials projectAdmin;

    /** The instance of the project that requests are about; it has the tag env=prod. */
    String instanceId;

    @BeforeAll
    void start(SharedServices services) {
        service = services.postgres();
        admin = service.newAdministrator(getClass().getSimpleName());
        redis = RedisServer.start(RedisVersion.REDIS_7_0);
        KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, LIVE, DEAD);
    }

    @AfterAll
    void stop() {
        redis.close();
    }

    @BeforeEach
    void register() {
        starter = service.project("team-" + UUID.randomUUID());
        projectAdmin = accessKey();
        instanceId = service.register(
                starter,
                JSON.createObjectNode()
                        .put("name", "orders")
                        .put("uri", redis.uri())
                        .set("tags", JSON.createObjectNode().put("env", "prod")));
    }

    /** Creates an access key of the project with all actions. */
    Credentials accessKey() {
        return accessKey("{\"actions\":[\"*\"]}");
    }

    /** Creates an access key of the project from a request body. */
    Credentials accessKey(String body) {
        return service.newKey(admin, starter.projectId(), body);
    }

    /** Sets the ceilings of the project, which must succeed. */
    Answer setProjectCeilings(String document) {
        Answer answer = service.call(admin, "PUT", projectCeilings(), document);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        return answer;
    }

    /** Requests a scan of the instance. {@code pace} contains the fields of the pace, such as {@code "share":0.5}. */
    Answer create(String pace) {
        return service.call(
                projectAdmin, "POST", "/api/v1/scans", "{\"instanceId\":\"" + instanceId + "\"," + pace + "}");
    }

    /** Returns the body of an answer, which must have the status 201. */
    static JsonNode created(Answer answer) {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
        return answer.body();
    }

    /** Pauses a scan, so that it does not end before the test has acted on it, and returns its path. */
    String pause(JsonNode scan) {
        String path = "/api/v1/scans/" + scan.get("id").asString();
        assertThat(service.call(projectAdmin, "POST", path + "/pause", "").status())
                .isEqualTo(200);
        return path;
    }

    /** Cancels the scan with this path, and waits for its end. */
    void cancel(String path) {
        service.call(projectAdmin, "POST", path + "/cancel", "");
        await("the scan ends")
                .until(() -> service.call(starter, "GET", path, "").body().has("finishedAt"));
    }

    /** Returns the path of the project's ceilings. */
    String projectCeilings() {
        return "/api/v1/projects/" + starter.projectId() + "/ceilings";
    }

    /** Returns the path of the instance's ceilings. */
    String instanceCeilings() {
        return "/api/v1/instances/" + instanceId + "/ceilings";
    }

    /** Returns what the timeline of a scan says about ceilings. */
    List<String> ceilingEvents(String path) {
        return StreamSupport.stream(
                        service.call(starter, "GET", path + "/timeline", "")
                                .body()
                                .get("events")
                                .spliterator(),
                        false)
                .filter(event -> event.get("type").asString().equals("ceilings"))
                .map(event -> event.get("detail").asString())
                .toList();
    }

    /** Returns the problems that an answer names. */
    static List<String> details(Answer answer) {
        return StreamSupport.stream(answer.body().path("errors").spliterator(), false)
                .map(error -> error.get("detail").asString())
                .toList();
    }

    /** Returns the ceilings that apply, each as its field, value and owner. */
    static List<String> inForce(JsonNode view) {
        return StreamSupport.stream(view.get("inForce").spliterator(), false)
                .map(each -> each.get("field").asString() + " "
                        + each.get("value").asString() + " "
                        + each.get("owner").asString())
                .toList();
    }
}
