package io.keysweep.cli.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.TestShell;
import org.junit.jupiter.api.Test;

/** Tests the requests and the output of the commands for approvals of scans above ceilings. */
final class ApprovalsCommandTest {

    private static final String ID = "5560df16-cebf-4473-95c4-d1b573c16e79";
    private static final String JSON = "application/json";

    /** The list of approvals: a rejected one, and one that is still pending. */
    private static final StubService.Answer APPROVALS =
            new StubService.Answer(200, JSON, "[" + approval("old", "rejected") + "," + approval(ID, "pending") + "]");

    /** The answer to the approval, which has created a scan. */
    private static final StubService.Answer APPROVED = new StubService.Answer(
            200, JSON, approval(ID, "approved").replace("\"instanceId\"", "\"scanId\":\"scan-1\",\"instanceId\""));

    private final TestShell shell = new TestShell();

    @Test
    void approve_byTheNameOfTheInstance_decidesAboutItsOpenRequest() {
        try (StubService service = StubService.answeringInTurn(StubService.INSTANCES, APPROVALS, APPROVED)) {
            run(service, "approve", "orders", "--reason=INC-7");

            assertThat(service.requests().getLast().path()).isEqualTo("/api/v1/approvals/" + ID + "/approve");
            assertThat(service.requests().getLast().body()).isEqualTo("{\"reason\":\"INC-7\"}");
            assertThat(shell.out()).isEqualToIgnoringNewLines("scan-1");
        }
    }

    @Test
    void approvals_listed_showTheNamesOfInstances() {
        try (StubService service = StubService.answeringInTurn(APPROVALS, StubService.INSTANCES)) {
            run(service, "list");

            assertThat(shell.out())
                    .contains("ID    ", "STATE     INSTANCE  ASKED")
                    .contains(ID + "  pending   orders    profile full")
                    .contains("old                                   rejected  orders    profile full");
        }
    }

    /** Runs a subcommand of {@code keysweep approvals}, which must succeed. */
    private void run(StubService service, String... arguments) {
        assertThat(ApprovalsCommand.withSubcommands(shell.context()).execute(service.arguments(arguments)))
                .isZero();
    }

    private static String approval(String id, String state) {
        return "{\"id\":\"" + id + "\",\"state\":\"" + state + "\",\"instanceId\":\"i-1\","
                + "\"asked\":\"profile full\",\"above\":\"profile is 'full'.\",\"requestedBy\":\"EKA1\","
                + "\"requestedAt\":\"2026-01-01T00:00:00Z\",\"expiresAt\":\"2026-01-02T00:00:00Z\"}";
    }
}
