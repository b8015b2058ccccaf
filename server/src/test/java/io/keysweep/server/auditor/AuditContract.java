package io.keysweep.server.auditor;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.audit.AuditCall;
import io.keysweep.server.audit.AuditIntents;
import io.keysweep.server.audit.AuditSigner;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/**
 * Tests with a complete service that each call adds one entry to the audit log, with its changes.
 *
 * <p>The base class provides the service with the access key {@code admin}, and reads the entries after a sequence
 * number.
 */
abstract class AuditContract extends AuditedService {

    /** The methods of operations that change nothing. */
    private static final Set<String> READ_METHODS = Set.of("get", "head", "options");

    @Test
    void auditedOperations_areTheChangingOperationsOfTheOpenApiDocument() {
        Set<String> described = new TreeSet<>();
        service.send("GET", "/api/v1/openapi.json", Map.of(), "")
                .body()
                .get("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(operation ->
                                operation.getValue().has("operationId") && !READ_METHODS.contains(operation.getKey()))
                        .forEach(operation -> described.add(operation.getKey().toUpperCase(Locale.ROOT) + " "
                                + path.getKey() + " "
                                + operation.getValue().get("operationId").asString())));

        Set<String> auditedOperations =
                new TreeSet<>(service.bean(AuditedOperations.class).list());
        auditedOperations.removeIf(operation -> !operation.contains(" /api/"));

        assertThat(auditedOperations).isEqualTo(described).hasSizeGreaterThan(35);
    }

    @Test
    void operation_refusedOrNot_addsOneEntry() {
        // This ends the minute in which refused calls are limited, so that refusals of other tests do not count.
        service.bean(AuditRecorder.class).writeOmitted(/* evenIfMinuteNotOver= */ true);
        for (String operation : service.bean(AuditedOperations.class).list()) {
            // An operation has a method, a path with variables and a name.
            String[] parts = operation.split(" ", -1);
            String method = parts[0];
            String pathWithVariables = parts[1];
            String name = parts[2];
            // A refused request for a token is anonymous, and the log has entries for few anonymous calls.
            if (pathWithVariables.startsWith("/console") || name.equals("issueToken")) {
                continue;
            }

            String path = pathWithVariables
                    .replace("{projectId}", admin.projectId())
                    .replaceAll("\\{[a-zA-Z]+\\}", UUID.randomUUID().toString());
            long before = newestSequence();
            Answer answer = service.call(admin, method, path, method.equals("GET") ? "" : "{}");

            JsonNode entry = onlyEntryAfter(before);
            assertThat(entry.get("operation").asString()).as(operation).isEqualTo(name);
            assertThat(entry.get("status").asInt()).as(operation).isEqualTo(answer.status());
            assertThat(entry.get("requestId").asString()).isEqualTo(answer.header("X-Request-Id"));
            assertThat(entry.get("address").asString()).isEqualTo("127.0.0.1");
            assertThat(entry.at("/actor/id").asString()).as(operation).isEqualTo(admin.accessKey());
        }
        assertIntact();
    }

    @Test
    void creationOfAToken_addsOneEntry_thatNamesTheKey() {
        long before = newestSequence();
        Answer answer = service.send(
                "POST",
                "/v3/auth/tokens",
                Map.of("Content-Type", "application/json"),
                "{\"auth\":{\"identity\":{\"hw_ak_sk\":{\"access\":{\"key\":\"" + admin.accessKey()
                        + "\"},\"secret\":{\"key\":\"" + admin.secretKey() + "\"}}}}}");
        JsonNode entry = onlyEntryAfter(before);

        assertThat(entry.get("operation").asString()).isEqualTo("issueToken");
        assertThat(entry.get("status").asInt()).isEqualTo(answer.status()).isEqualTo(201);
        assertThat(entry.at("/actor/id").asString()).isEqualTo(admin.accessKey());
    }

    @Test
    void userName_withACharacterThatNoDatabaseStores_isRefusedAsUnknown() {
        for (String name : List.of("a\\u0000", "A\\u0000")) {
            Answer answer = service.send(
                    "POST",
                    "/v3/auth/tokens",
                    Map.of("Content-Type", "application/json"),
                    "{\"auth\":{\"identity\":{\"password\":{\"user\":{\"name\":\"" + name
                            + "\",\"password\":\"a long password\"}}}}}");
            assertThat(answer.status()).as(name).isEqualTo(401);
        }

        assertThat(service.call(admin, "GET", "/v3/projects?name=a%00", "").status())
                .isEqualTo(200);
    }

    @Test
    void changesOfAnInstance_untilItsRemoval_areRecordedWithTheChangedFields() {
        // The calls: register, rename, set a schedule, set windows, remove.
        Credentials teamKey = service.project("audited");
        long before = newestSequence();
        String id = service.register(teamKey, "orders", redis.uri());
        service.call(teamKey, "PATCH", "/api/v1/instances/" + id, "{\"name\":\"bills\",\"tags\":{\"env\":\"prod\"}}");
        service.call(
                teamKey, "PUT", "/api/v1/instances/" + id + "/schedule", "{\"enabled\":false,\"timeoutSeconds\":60}");
        String windows =
                "{\"timeZone\":\"UTC\",\"windows\":[{\"days\":[\"mon\"],\"from\":\"01:00\",\"to\":\"02:00\"}]}";
        int statusOfWindows = service.call(admin, "PUT", "/api/v1/projects/" + admin.projectId() + "/windows", windows)
                .status();
        service.call(teamKey, "DELETE", "/api/v1/instances/" + id, "");

        List<JsonNode> entries = entriesAfter(before);
        assertThat(entries)
                .extracting(entry -> entry.get("operation").asString())
                .containsExactly(
                        "registerInstance", "changeInstance", "setSchedule", "setProjectWindows", "removeInstance");

        // The entry of the registration names the instance, the caller and the new fields.
        JsonNode registered = entries.getFirst();
        assertThat(registered.at("/resource/id").asString()).isEqualTo(id);
        assertThat(registered.at("/resource/name").asString()).isEqualTo("orders");
        assertThat(registered.get("permission").asString()).isEqualTo("keysweep:instance:manage");
        assertThat(registered.at("/actor/kind").asString()).isEqualTo("access-key");
        assertThat(registered.at("/actor/project").asString()).isEqualTo(teamKey.projectId());
        assertThat(registered.at("/changes/0/after/uri").asString()).isEqualTo(redis.uri());

        // The entry of the change has only the changed fields, with their values before and after.
        JsonNode change = entries.get(1).at("/changes/0");
        assertThat(change.at("/before/name").asString()).isEqualTo("orders");
        assertThat(change.at("/after/name").asString()).isEqualTo("bills");
        assertThat(change.get("after").has("uri")).isFalse();
        assertThat(entries.get(3).get("status").asInt()).isEqualTo(statusOfWindows);

        // The entry of the removal has only the former fields.
        assertThat(entries.getLast().at("/changes/0/before/name").asString()).isEqualTo("bills");
        assertThat(entries.getLast().at("/changes/0").has("after")).isFalse();
        assertIntact();

        assertIsFoundByItsFields(id, teamKey);
    }

    @Test
    void scan_ofTheDcsApiThatIsCancelledWithAReason_isRecordedWithTheReason() {
        String id = service.register(admin, "scanned", redis.uri());

        // The calls: start, change the pace, cancel. The global hold keeps the scan from ending before them.
        service.call(admin, "PUT", "/api/v1/hold", "{\"reason\":\"so that the scan waits\"}");
        long before = newestSequence();
        service.call(admin, "POST", "/v2/" + admin.projectId() + "/instances/" + id + "/scan-expire-keys-task", "");
        String scan = get("/api/v1/scans?instanceId=" + id).at("/scans/0/id").asString();
        service.call(admin, "PATCH", "/api/v1/scans/" + scan, "{\"share\":0.5}");
        service.call(admin, "POST", "/api/v1/scans/" + scan + "/cancel", "{\"reason\":\"change of plans\"}");
        service.call(admin, "DELETE", "/api/v1/hold", "");

        List<JsonNode> entries = entriesAfter(before);
        assertThat(entries)
                .extracting(entry -> entry.get("operation").asString())
                .containsExactly("CreateAutoExpireScanTask", "tuneScan", "cancelScan", "releaseAll");
        assertThat(entries.getFirst().at("/resource/id").asString()).isEqualTo(scan);
        assertThat(entries.get(1).at("/changes/0/after/share").asDouble()).isEqualTo(0.5);
        assertThat(entries.get(2).get("reason").asString()).isEqualTo("change of plans");

        // The entries of a scan can be found by its instance.
        assertThat(get(AUDIT + "?resource=" + id + "&outcome=done").get("entries"))
                .extracting(entry -> entry.get("operation").asString())
                .containsExactly("cancelScan", "tuneScan", "CreateAutoExpireScanTask", "registerInstance");
        // The access key that makes a call is not a resource of the call.
        assertThat(get(AUDIT + "?action=cancelScan&resource=" + admin.accessKey())
                        .get("entries"))
                .isEmpty();
    }

    @Test
    void refusedCalls_ofAKnownCaller_areRecordedWithTheirErrors() {
        Credentials teamKey = service.project("refused");
        Credentials otherTeam = service.project("other");
        String instanceOfOtherTeam = service.register(otherTeam, "foreign", redis.uri());
        service.register(teamKey, "taken", redis.uri());
        long before = newestSequence();

        // Three calls are refused: an unknown instance, a missing right, and a name that is taken.
        service.call(teamKey, "DELETE", "/api/v1/instances/" + instanceOfOtherTeam, "");
        service.call(teamKey, "PUT", "/api/v1/hold", "{}");
        service.call(teamKey, "POST", "/api/v1/instances", "{\"name\":\"taken\",\"uri\":\"" + redis.uri() + "\"}");

        assertThat(entriesAfter(before))
                .extracting(entry -> entry.get("operation").asString() + " "
                        + entry.get("status").asInt())
                .containsExactly("removeInstance 404", "holdAll 403", "registerInstance 409");
        assertThat(entriesAfter(before).get(1).get("permission").asString()).isEqualTo("keysweep:hold:manage");
        assertThat(entriesAfter(before))
                .allMatch(entry -> !entry.get("error").asString().isEmpty() && !entry.has("changes"));
    }

    @Test
    void floodOfCalls_withoutCredentials_addsOnlyAFewEntries() {
        // A new minute begins, so that the whole flood is in one minute and the limit applies once.
        service.bean(AuditRecorder.class).writeOmitted(/* evenIfMinuteNotOver= */ true);
        long beforeFlood = newestSequence();
        for (int i = 0; i < 30; i++) {
            assertThat(service.send("POST", "/api/v1/scans", Map.of("Content-Type", "application/json"), "{}")
                            .status())
                    .isIn(401, 429);
        }

        List<JsonNode> recorded = entriesAfter(beforeFlood);
        assertThat(recorded).hasSizeLessThanOrEqualTo(RefusedCallLimit.PER_ADDRESS);
        assertThat(recorded)
                .allMatch(entry -> entry.at("/actor/kind").asString().equals("anonymous"));
    }

    @Test
    void readOfTheLog_withoutTheRight_isRefused_andRecorded() {
        Credentials teamKey = service.project("curious");
        long before = newestSequence();
        assertThat(service.call(teamKey, "GET", AUDIT, "").status()).isEqualTo(403);

        await("the refused read is recorded").until(() -> !entriesAfter(before).isEmpty());
        assertThat(onlyEntryAfter(before).get("operation").asString()).isEqualTo("listAudit");
    }

    @Test
    void refusedCalls_withMalformedRequests_areRecordedWithTheCaller() {
        Credentials teamKey = service.project("careless");
        List<Answer> answers = List.of(
                service.call(teamKey, "POST", "/api/v1/scans", "{"),
                service.call(teamKey, "POST", "/api/v1/scans", "{}", Map.of("Content-Encoding", "gzip")),
                service.call(
                        teamKey,
                        "PUT",
                        "/api/v1/projects/" + teamKey.projectId() + "/hold",
                        "{\"reason\":\"a\\u001b[2J\"}"));

        assertThat(answers).extracting(Answer::status).containsExactly(400, 415, 400);

        JsonNode entries =
                get(AUDIT + "?outcome=refused&actor=" + teamKey.accessKey()).get("entries");
        assertThat(entries)
                .extracting(entry -> entry.get("requestId").asString())
                .containsExactlyElementsOf(answers.reversed().stream()
                        .map(answer -> answer.header("X-Request-Id"))
                        .toList());
        assertThat(entries)
                .extracting(entry -> entry.get("error").asString())
                .containsExactlyElementsOf(answers.reversed().stream()
                        .map(answer -> answer.body().get("code").asString())
                        .toList());
    }

    @Test
    void call_withAMalformedIdInItsPath_isRecorded_andTheLogStaysIntact() {
        Credentials teamKey = service.project("odd");
        for (String id : List.of("x".repeat(3_000), "%F0%9F%98%80", "%E2%80%AE", "a%22b")) {
            long before = newestSequence();
            int status = service.call(teamKey, "DELETE", "/api/v1/projects/" + id + "/hold", "")
                    .status();
            assertThat(status).isBetween(400, 499);
            assertThat(onlyEntryAfter(before).get("status").asInt()).isEqualTo(status);
        }

        assertIntact();
    }

    @Test
    void call_thatCannotBeRecorded_isRefused_andRecordedLater() {
        // The log cannot be written, because its table has another name for a while.
        JdbcClient jdbc = service.bean(JdbcClient.class);
        long before = newestSequence();
        jdbc.sql("alter table audit_entry rename to audit_entry_hidden").update();
        try {
            Answer answer = service.call(admin, "POST", "/api/v1/projects", "{\"name\":\"unrecorded\"}");
            assertThat(answer.status()).isGreaterThanOrEqualTo(500);
            assertThat(answer.response().body()).doesNotContain("secretKey");
            assertThat(answer.header("X-Request-Id")).isNotEmpty();
        } finally {
            jdbc.sql("alter table audit_entry_hidden rename to audit_entry").update();
        }

        await("the call is recorded").until(() -> !entriesAfter(before).isEmpty());
        JsonNode entry = onlyEntryAfter(before);

        assertThat(entry.get("operation").asString()).isEqualTo("createProject");
        assertThat(entry.get("note").asString()).contains("Written late");
        assertThat(entry.at("/changes/0/after/name").asString()).isEqualTo("unrecorded");
        assertIntact();
    }

    @Test
    void call_ofADeadProcess_isRecordedWithoutAnOutcome() {
        long before = newestSequence();
        // This call has begun in a process that is dead now, so nobody reports its outcome.
        new AuditCall("r", "10.0.0.1", "deleteProject", /* resource= */ null)
                .by("access-key", "AK", "p")
                .begin(new AuditIntents(
                        service.bean(JdbcClient.class),
                        "dead",
                        service.bean(AuditSigner.class),
                        InstantSource.system()));
        await("the call is recorded").until(() -> !entriesAfter(before).isEmpty());
        JsonNode entry = onlyEntryAfter(before);

        assertThat(entry.has("status")).isFalse();
        assertThat(entry.get("operation").asString()).isEqualTo("deleteProject");
        assertThat(entry.get("note").asString()).contains("outcome is not known");
        assertIntact();
    }

    /**
     * An intent says that a call has begun. An attacker who can write intents to the database must not make the service
     * sign an entry about them.
     */
    @Test
    void intent_thatTheServiceHasNotStored_isReported_andNotUsedForAnEntry() {
        long before = newestSequence();
        service.bean(JdbcClient.class)
                .sql("insert into audit_intent (id, process, begun_at, content, seal) values ('i', 'dead',"
                        + " current_timestamp, '{\"actor\":{\"kind\":\"access-key\",\"id\":\"nobody-at-all\"},"
                        + "\"operation\":\"deleteProject\"}', 's')")
                .update();
        await("the intent is found").until(() -> !entriesAfter(before).isEmpty());
        JsonNode entry = onlyEntryAfter(before);

        assertThat(entry.get("operation").asString()).isEqualTo("foreignIntent");
        assertThat(entry.toString()).doesNotContain("deleteProject", "nobody-at-all");
    }

    @Test
    void readOfTheLog_withInvalidParameters_isRefused() {
        long before = newestSequence();
        for (String query : List.of(
                "from=today",
                "to=%2B999999999-12-31T23:59:59Z",
                "limit=0",
                "outcome=maybe",
                "before=-1",
                "actor=a%00",
                "resource=%1b",
                "actr=x")) {
            assertThat(service.call(admin, "GET", AUDIT + "?" + query, "").status())
                    .as(query)
                    .isEqualTo(400);
        }

        assertThat(service.call(admin, "GET", AUDIT + "/verify?head=1", "").status())
                .isEqualTo(400);

        // Refused reads are recorded after their responses, and must not appear in another test.
        await("the last refused read is recorded")
                .until(() -> entriesAfter(before).stream()
                        .anyMatch(entry -> entry.get("operation").asString().equals("verifyAudit")));

        // The right head is accepted.
        JsonNode entry = get(AUDIT + "?limit=1").at("/entries/0");
        String head = entry.get("sequence").asLong() + ":" + entry.get("hash").asString();

        assertThat(get(AUDIT + "/verify?head=" + head).get("intact").asBoolean())
                .isTrue();
    }

    /** Asserts that entries of an instance are found by resource, outcome, project, actor, action and time. */
    private void assertIsFoundByItsFields(String id, Credentials teamKey) {
        JsonNode found = get(AUDIT + "?resource=" + id + "&outcome=done&project=" + teamKey.projectId());
        assertThat(found.get("entries").size()).isEqualTo(4);
        assertThat(get(AUDIT + "?actor=" + teamKey.accessKey() + "&action=changeInstance")
                        .get("entries")
                        .size())
                .isEqualTo(1);
        assertThat(get(AUDIT + "?actor=" + teamKey.accessKey() + "&to=2020-01-01T00:00:00Z")
                        .get("entries")
                        .size())
                .isZero();
    }
}
