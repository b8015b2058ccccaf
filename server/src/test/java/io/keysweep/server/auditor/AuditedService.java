package io.keysweep.server.auditor;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Runs a service for the tests of its audit log, and reads the log. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AuditedService {

    /** The path of the audit log in the native API. */
    static final String AUDIT = "/api/v1/audit";

    TestService service;

    /** The first access key of the service, an administrator. */
    Credentials admin;

    /** A server for instances of the service. */
    RedisServer redis;

    /** Returns environment variables that choose the database of the service. */
    abstract Map<String, String> variables() throws Exception;

    @BeforeAll
    void start(@TempDir Path home) throws Exception {
        redis = RedisServer.start(RedisVersion.REDIS_7_0);
        service = TestService.start(home, variables());
        admin = service.administrator();
    }

    @AfterAll
    void stop() {
        service.close();
        redis.close();
    }

    /** Sends a GET as the administrator, which must succeed, and returns the body of the answer. */
    JsonNode get(String path) {
        Answer answer = service.call(admin, "GET", path, "");
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        return answer.body();
    }

    /** Returns the number of the newest entry of the log. */
    long newestSequence() {
        JsonNode entries = get(AUDIT + "?limit=1").get("entries");
        return entries.get(0).get("sequence").asLong();
    }

    /** Returns the entries after the one with this number, the oldest first. */
    List<JsonNode> entriesAfter(long sequence) {
        List<JsonNode> entries = new ArrayList<>();
        for (JsonNode entry : get(AUDIT + "?limit=1000").get("entries")) {
            // Entries that count refused calls (refusedCalls) can come at any time, so they are left out.
            if (entry.get("sequence").asLong() > sequence
                    && !entry.get("operation").asString().equals("refusedCalls")) {
                entries.addFirst(entry);
            }
        }
        return entries;
    }

    /** Returns the entry after the one with this number, and fails if there is none or more than one. */
    JsonNode onlyEntryAfter(long sequence) {
        List<JsonNode> entries = entriesAfter(sequence);
        assertThat(entries).as(entries.toString()).hasSize(1);
        return entries.getFirst();
    }

    /** Checks that the service finds no problem in its log. */
    void assertIntact() {
        JsonNode verification = get(AUDIT + "/verify");
        assertThat(verification.get("intact").asBoolean())
                .as(verification.toString())
                .isTrue();
    }
}
