package io.keysweep.server.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.error.ErrorCode;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that {@code /api/v1/scans} and holds refuse bad input with field, value and rule. */
@ExtendWith(SharedServicesResolver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BadScanRequestsIT {

    private TestService service;
    private Credentials key;

    /** A scan that waits. No worker runs it, because it has no execution of db-scheduler. */
    private String scanId;

    @BeforeAll
    void start(SharedServices services) {
        service = services.h2();
        key = service.newAdministrator("bad scan requests");
        String instanceId = service.register(key, "bad requests", "redis://127.0.0.1:1");
        Scan scan = ScanStores.waiting(UUID.fromString(instanceId), ScanStores.NOW);
        service.bean(ScanTransitions.class).insert(scan);
        scanId = scan.id().toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | instanceId is missing, must be a UUID.",
                "{\"instanceId\":\"x\"} | instanceId is 'x', must be a UUID.",
                "{\"instanceId\":7} | instanceId is '7', must be a UUID.",
                "{\"timeoutSeconds\":0} | timeoutSeconds is '0', must be a whole number of seconds from 1 to 5184000.",
                "{\"timeoutSeconds\":1.5} | timeoutSeconds is '1.5', must be",
                "{\"timeoutSeconds\":\"9\"} | timeoutSeconds is '9', must be",
                "{\"colour\":\"red\"} | colour is unknown; known are assist, instanceId",
                "[] | body is '[]', must be an object.",
            })
    void create_badBody_isRefusedByFieldValueAndRule(String body, String detail) {
        Answer answer = service.call(key, "POST", "/api/v1/scans", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.body().get("detail").asString()).contains(detail);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"profile\":\"brutal\"} | profile is 'brutal', must be gentle, balanced or full.",
                "{\"profile\":\"GENTLE\"} | profile is 'GENTLE', must be gentle",
                "{\"profile\":1} | profile is '1', must be gentle, balanced or full.",
                "{\"stallBudgetMs\":0} | stallBudgetMs is '0', must be milliseconds from 0.001 to 1000.",
                "{\"stallBudgetMs\":1000.5} | stallBudgetMs is '1000.5', must be",
                "{\"stallBudgetMs\":true} | stallBudgetMs is 'true', must be",
                "{\"share\":1.01} | share is '1.01', must be a number from 0.001 to 1.",
                "{\"share\":-1} | share is '-1', must be",
                "{\"share\":1e400} | share is '",
                "{\"rateCeiling\":0} | rateCeiling is '0', must be a whole number of keys a second from 1.",
                "{\"rateCeiling\":1.0} | rateCeiling is '1.0', must be",
                "{\"rateCeiling\":99999999999999999999} | rateCeiling is '99999999999999999999', must be",
                "{\"share\":0.5,\"reason\":\"a\\nb\"} | reason is 'a",
                "{\"share\":0.5,\"reason\":\"\"} | reason is '', must be a text of 1 to 500 characters",
                "{\"share\":0.5,\"reason\":[]} | reason is '[]', must be a text",
                "{\"share\":0.5,\"maxRate\":1} | maxRate is unknown; known are profile",
                "{\"reason\":\"none\"} | body is missing, must be an object with at least one of profile",
                "{} | body is missing, must be",
            })
    void tune_badBody_isRefusedByFieldValueAndRule(String body, String detail) {
        Answer answer = service.call(key, "PATCH", "/api/v1/scans/" + scanId, body);

        assertThat(answer.status()).as(answer.response().body()).isEqualTo(400);
        assertThat(answer.body().get("detail").asString()).startsWith(detail);
    }

    @ParameterizedTest
    @CsvSource({
        "limit=0, limit is '0'",
        "limit=201, limit is '201'",
        "limit=ten, limit is 'ten'",
        "status=paused, status is 'paused'",
        "scanType=weekly, scanType is 'weekly'",
        "instanceId=1, instanceId is '1'",
        "cursor=abc, cursor is 'abc'",
        "cursor=, cursor is ''",
        "state=running, state is 'running'",
        "limit=1&limit=2, limit is '1,2'",
    })
    void list_badParameter_isRefusedByNameValueAndRule(String query, String detail) {
        Answer answer = service.call(key, "GET", "/api/v1/scans?" + query, "");

        ScanRequests.assertProblem(answer, ErrorCode.INVALID_PARAMETER, detail);
        assertThat(answer.body().get("detail").asString()).contains("must be");
    }

    @Test
    void hold_badReason_isRefusedAndHoldsNothing() {
        Answer answer = service.call(key, "PUT", "/api/v1/hold", "{\"reason\":\"" + "x".repeat(501) + "\"}");

        ScanRequests.assertProblem(answer, ErrorCode.INVALID_PARAMETER, "reason is 'xxx");
        assertThat(service.call(key, "GET", "/api/v1/holds", "").body())
                .noneMatch(hold -> hold.get("scope").asString().equals("all"));
    }
}
