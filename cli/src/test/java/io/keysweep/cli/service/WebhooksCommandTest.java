package io.keysweep.cli.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.TestShell;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the requests and the output of the commands for webhooks. */
final class WebhooksCommandTest {

    private static final String ID = "5560df16-cebf-4473-95c4-d1b573c16e79";
    private static final String JSON = "application/json";
    private static final String HOOK =
            "{\"id\":\"" + ID + "\",\"url\":\"https://h/x\",\"events\":[\"scan.failed\",\"scan.held\"],"
                    + "\"heldMinutes\":30,\"enabled\":true,\"createdBy\":\"AK\","
                    + "\"createdAt\":\"2026-01-01T00:00:00Z\",\"version\":3}";
    private static final String DELIVERY =
            "{\"id\":\"d\",\"type\":\"ping\",\"state\":\"dead\",\"attempts\":1,\"createdAt\":\"2026-01-01T00:00:00Z\","
                    + "\"status\":500,\"error\":\"HTTP status 500\",\"body\":\"{}\"}";

    private final TestShell shell = new TestShell();

    @Test
    void create_anyWebhook_sendsTheDocumentAndShowsTheSecret() {
        String webhookWithSecret = HOOK.replace("\"version\"", "\"secret\":\"whsec_abc\",\"version\"");
        try (StubService service = StubService.answering(201, JSON, webhookWithSecret)) {
            assertThat(run(service, "create", "https://h/x", "--event", "scan.failed,scan.held", "--held-minutes=30"))
                    .isZero();
            assertThat(service.onlyRequest().method()).isEqualTo("POST");
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/webhooks");
            assertThat(service.onlyRequest().body())
                    .contains("\"url\":\"https://h/x\"", "[\"scan.failed\",\"scan.held\"]", "\"heldMinutes\":30");
            assertThat(shell.out())
                    .contains(ID + "  https://h/x  scan.failed scan.held after 30 min")
                    .contains("secret, shown only now  whsec_abc");
        }
    }

    @Test
    void list_disabledWebhook_hasTheReason() {
        String disabledWebhook = HOOK.replace("true", "false,\"disabledWhy\":\"410 Gone\"");
        try (StubService service = StubService.answering(200, JSON, "[" + HOOK + "," + disabledWebhook + "]")) {
            assertThat(run(service, "list", "-o", "wide")).isZero();
            assertThat(shell.out().lines().toList())
                    .containsExactly(
                            "URL          EVENTS                 ENABLED  ID                                  "
                                    + "  HELD MINUTES  DISABLED WHY  CREATED               CREATED BY  VERSION",
                            "https://h/x  scan.failed scan.held  yes      " + ID
                                    + "            30  -             2026-01-01T00:00:00Z  AK                3",
                            "https://h/x  scan.failed scan.held  no       " + ID
                                    + "            30  410 Gone      2026-01-01T00:00:00Z  AK                3");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--enabled=false", "--enabled false"})
    void update_oneSetting_keepsTheOthersAndSendsTheVersion(String option) {
        try (StubService service = StubService.answering(200, JSON, HOOK)) {
            List<String> arguments = new ArrayList<>(List.of("update", ID));
            arguments.addAll(List.of(option.split(" ")));
            assertThat(run(service, arguments.toArray(String[]::new))).isZero();

            StubService.Received put = service.requests().getLast();
            assertThat(put.method()).isEqualTo("PUT");
            assertThat(put.ifMatch()).isEqualTo("\"3\"");
            assertThat(put.body())
                    .contains("\"url\":\"https://h/x\"", "[\"scan.failed\",\"scan.held\"]", "\"enabled\":false");
        }
    }

    @Test
    void test_refusedPing_showsTheReasonAndFails() {
        try (StubService service = StubService.answering(200, JSON, DELIVERY)) {
            assertThat(run(service, "test", ID)).isEqualTo(ExitCode.FAILED.number());
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/webhooks/" + ID + "/test");
            assertThat(shell.out()).contains("ping  dead after 1 attempt, HTTP 500  (HTTP status 500)");
        }
    }

    @Test
    void deliveries_withAState_sendTheState() {
        try (StubService service = StubService.answering(200, JSON, "[" + DELIVERY + "]")) {
            assertThat(run(service, "deliveries", ID, "--state=dead", "--limit=7"))
                    .isZero();
            assertThat(service.onlyRequest().path())
                    .isEqualTo("/api/v1/webhooks/" + ID + "/deliveries?limit=7&state=dead");
            assertThat(shell.out()).contains("d   2026-01-01T00:00:00Z  ping");
        }
    }

    @Test
    void delete_isAnotherNameOfRemove() {
        try (StubService service = StubService.answering(204, JSON, "")) {
            assertThat(run(service, "delete", ID, "--yes")).isZero();
            assertThat(service.onlyRequest().method()).isEqualTo("DELETE");
        }
    }

    @Test
    void webhook_removeRotateAndRedeliver_callTheService() {
        try (StubService service = StubService.answering(204, JSON, "")) {
            assertThat(run(service, "remove", ID, "--yes")).isZero();
            assertThat(service.onlyRequest().method()).isEqualTo("DELETE");
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/webhooks/" + ID);
        }

        try (StubService service = StubService.answering(200, JSON, HOOK)) {
            assertThat(run(service, "rotate", ID)).isZero();
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/webhooks/" + ID + "/secret");
        }

        try (StubService service = StubService.answering(200, JSON, DELIVERY)) {
            assertThat(run(service, "redeliver", ID, "d")).isZero();
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/webhooks/" + ID + "/deliveries/d/redeliver");
        }
    }

    private int run(StubService service, String... arguments) {
        return WebhooksCommand.withSubcommands(shell.context()).execute(service.arguments(arguments));
    }
}
