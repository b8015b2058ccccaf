package io.keysweep.server.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Tests that fleet documents are applied completely or not at all, on both databases.
 *
 * <p>A fleet document contains instances of a project, with their schedules and policies.
 */
@ExtendWith(SharedServicesResolver.class)
@SuppressWarnings("NullAway.Init") // Each test sets the fields before it uses them.
class FleetIT {

    private static final String SCHEDULE = "{\"firstScanAt\":\"2020-01-01T02:00:00Z\",\"intervalSeconds\":86400,"
            + "\"timeoutSeconds\":172800,\"scanKeysCount\":100}";
    private static final String WINDOWS =
            "{\"windows\":[{\"days\":[\"monday\"],\"from\":\"01:00\",\"until\":\"05:00\"}]}";

    private TestService service;
    private Credentials teamKey;

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void document_appliedTwice_changesNothingTheSecondTime(String dialect, SharedServices services) {
        use(services.on(dialect));

        // A dry run says what would change, and changes nothing.
        String document = instances(
                "{\"name\":\"a\",\"uri\":\"redis://127.0.0.1:1\",\"username\":\"u\",\"password\":\"hush hush\","
                        + "\"schedule\":" + SCHEDULE + ",\"windows\":" + WINDOWS
                        + ",\"startPolicy\":{\"deadPercent\":5}}",
                "{\"name\":\"b\",\"uri\":\"redis-cluster://127.0.0.1:2\",\"nodeMap\":\"h:1=127.0.0.1:7\"}");
        Answer planned = apply(document, "?dryRun=true");
        assertThat(changes(planned)).containsExactly("created a [schedule, windows, startPolicy]", "created b []");
        assertThat(service.call(teamKey, "GET", "/api/v1/instances", "").body()).isEmpty();

        // Without the dry run, the same changes are made.
        assertThat(changes(apply(document, ""))).isEqualTo(changes(planned));

        String a = id("a");
        assertThat(service.call(teamKey, "GET", "/api/v1/instances/" + a + "/windows", "")
                        .body()
                        .get("source")
                        .asString())
                .isEqualTo("instance");
        assertThat(service.call(teamKey, "GET", "/api/v1/instances/" + a + "/schedule", "")
                        .body()
                        .get("nextStartAt")
                        .asString())
                .isNotBlank();
        assertThat(changes(apply(document, "?prune=true"))).containsExactly("unchanged a []", "unchanged b []");

        // A second document leaves fields out. Secrets, the schedule and policies are not changed. Other fields lose
        // their value.
        String shorter = instances(
                "{\"name\":\"a\",\"uri\":\"redis://127.0.0.1:1\",\"username\":\"u\",\"windows\":null}",
                "{\"name\":\"b\",\"uri\":\"redis-cluster://127.0.0.1:2\"}",
                "{\"name\":\"c\",\"uri\":\"redis://127.0.0.1:3\"}");
        assertThat(changes(apply(shorter, "")))
                .containsExactly("changed a [windows]", "changed b [nodeMap]", "created c []");
        assertThat(id("a")).isEqualTo(a);

        // Instances that a document leaves out are kept, unless it is applied with prune.
        assertThat(changes(apply(instances(), "")))
                .containsExactly("unmanaged a []", "unmanaged b []", "unmanaged c []");
        assertThat(changes(apply(
                        instances("{\"name\":\"c\",\"uri\":\"redis://127.0.0.1:3\",\"password\":\"p\"}"),
                        "?prune=true")))
                .containsExactly("changed c [password]", "removed a []", "removed b []");

        Answer remaining = service.call(teamKey, "GET", "/api/v1/instances", "");
        assertThat(remaining.body()).hasSize(1);
        assertThat(remaining.body().get(0).get("hasPassword").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void document_withProblems_isRefused_withAllOfThem_andChangesNothing(String dialect, SharedServices services) {
        use(services.on(dialect));

        // Two instances have an active scan, so one cannot get another URI, and the other cannot be removed.
        String busy = service.register(teamKey, "busy", "redis://127.0.0.1:1");
        String omitted = service.register(teamKey, "omitted", "redis://127.0.0.1:1");
        service.call(teamKey, "PUT", "/api/v1/projects/" + teamKey.projectId() + "/hold", "");
        for (String id : List.of(busy, omitted)) {
            activeScan(id);
        }

        Answer refusal = apply(
                instances(
                        "{\"name\":\"new\",\"uri\":\"redis://127.0.0.1:1\"}",
                        "{\"name\":\"busy\",\"uri\":\"redis://127.0.0.1:9\"}",
                        "{\"name\":\"new\",\"uri\":\"http://h\",\"passwort\":\"x\","
                                + "\"schedule\":{\"intervalSeconds\":0},"
                                + "\"windows\":{\"windows\":[{\"days\":[\"monday\"],\"from\":\"1\"}]}}",
                        "7"),
                "?prune=true");

        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.body().get("errors").values())
                .extracting(error -> error.get("field").asString())
                .contains(
                        "instances[1].uri",
                        "instances[2].name",
                        "instances[2].uri",
                        "instances[2].passwort",
                        "instances[2].schedule.firstScanAt",
                        "instances[2].schedule.timeoutSeconds",
                        "instances[2].windows.windows[0].from",
                        "instances[2].windows.windows[0].until",
                        "instances[3]",
                        "instances");

        // Two of the messages are checked in full.
        assertThat(refusal.body().get("errors").values())
                .extracting(error -> error.get("detail").asString())
                .contains(
                        "instances lack 'omitted', which cannot be removed until its scan has ended.",
                        "instances[2].windows.windows[0].from is '1', must be a time of the day from 00:00 to 23:59.");

        assertThat(service.call(teamKey, "GET", "/api/v1/instances", "").body()).hasSize(2);

        // A document without instances, and parameters that are no booleans, are refused.
        assertThat(apply("{}", "").body().get("detail").asString())
                .isEqualTo("instances is missing, must be a list of objects, which may be empty.");
        assertThat(apply(instances(), "?prune=yes").status()).isEqualTo(400);
        assertThat(service.call(teamKey, "POST", "/api/v1/instances/apply", "").status())
                .isEqualTo(400);
    }

    /** Uses a service for the test, with a new project. */
    private void use(TestService shared) {
        service = shared;
        teamKey = shared.project("fleet " + UUID.randomUUID());
    }

    /** Inserts a waiting scan directly, because the API would first inspect the server, which does not exist. */
    private void activeScan(String instanceId) {
        service.bean(JdbcClient.class)
                .sql("insert into scan (id, instance_id, active_instance_id, scan_type, state,"
                        + " timeout_seconds, created_at)"
                        + " values (:id, :instance, :instance, 'manual', 'waiting', 60, current_timestamp)")
                .param("id", UUID.randomUUID())
                .param("instance", UUID.fromString(instanceId))
                .update();
    }

    private String id(String name) {
        return service.call(teamKey, "GET", "/api/v1/instances", "").body().values().stream()
                .filter(instance -> instance.get("name").asString().equals(name))
                .map(instance -> instance.get("id").asString())
                .findFirst()
                .orElseThrow();
    }

    private Answer apply(String document, String query) {
        return service.call(teamKey, "POST", "/api/v1/instances/apply" + query, document);
    }

    private static String instances(String... entries) {
        return "{\"instances\":[" + String.join(",", entries) + "]}";
    }

    /** Returns the changes in an answer, each as its action, the name of the instance and the changed fields. */
    private static List<String> changes(Answer answer) {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        return answer.body().get("changes").values().stream()
                .map(change -> change.get("action").asString() + " "
                        + change.get("name").asString() + " "
                        + change.get("fields").values().stream()
                                .map(field -> field.asString())
                                .toList())
                .toList();
    }
}
