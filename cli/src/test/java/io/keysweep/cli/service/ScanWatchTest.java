package io.keysweep.cli.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.TestShell;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests the exit codes of {@code keysweep scans watch}.
 *
 * <p>Also tests {@code scans create --wait} with a service that cannot show the scan at first.
 */
final class ScanWatchTest {

    private static final String ID = "5560df16-cebf-4473-95c4-d1b573c16e79";
    private static final String JSON = "application/json";
    private static final StubService.Answer CREATED =
            new StubService.Answer(201, JSON, "{\"id\":\"" + ID + "\",\"status\":\"waiting\"}");

    private final TestShell shell = new TestShell();
    private final FailureRecorder failures = new FailureRecorder();

    @ParameterizedTest
    @CsvSource({
        "success, , success, 0",
        "failed, Timed out after 60 s, failed, 1",
        "failed, The time is over, expired, 6",
        "failed, Cancelled by nobody, failed, 1",
        "failed, Ended by ann, cancelled, 130",
    })
    void exitCode_endedScan_followsTheEndingAndNotTheText(String status, String failure, String ending, int exitCode) {
        try (StubService service = StubService.answering(200, JSON, scan(status, failure, ending))) {
            assertThat(ScansCommand.withSubcommands(shell.context())
                            .execute(service.arguments("watch", ID, "--quiet", "-o", "id")))
                    .isEqualTo(exitCode);
            assertThat(shell.out()).isEqualTo(ID + System.lineSeparator());
        }
    }

    /** A service refuses for a while if it restarts, or if the access key has sent too many requests. */
    @ParameterizedTest
    @ValueSource(ints = {503, 429})
    void createAndWait_serviceRefusesForNow_asksAgain(int status) {
        StubService.Answer refusal = new StubService.Answer(status, JSON, "");
        StubService.Answer endedScan = new StubService.Answer(200, JSON, scan("success", "", "success"));
        try (StubService service = StubService.answeringInTurn(CREATED, refusal, endedScan)) {
            assertThat(createAndWait(service)).isZero();
            assertThat(service.requests()).hasSize(3);
            assertThat(shell.out()).isEqualTo(ID + System.lineSeparator());
        }
    }

    @Test
    void createAndWait_progressIsRefused_namesTheScan() {
        try (StubService service = StubService.answeringInTurn(CREATED, new StubService.Answer(403, JSON, ""))) {
            assertThat(createAndWait(service)).isEqualTo(FailureRecorder.THREW);
            assertThat(shell.err()).isEqualTo("Created scan " + ID + " of " + ID + System.lineSeparator());
            assertThat(failures.latest())
                    .isInstanceOfSatisfying(
                            CommandFailure.class,
                            refusal -> assertThat(refusal.exitCode()).isEqualTo(ExitCode.DENIED))
                    .hasMessageStartingWith("the progress of scan " + ID + " cannot be shown: ");
        }
    }

    /** Runs {@code scans create --wait}, and returns its exit code or {@link FailureRecorder#THREW}. */
    private int createAndWait(StubService service) {
        return ScansCommand.withSubcommands(shell.context())
                .setExecutionExceptionHandler(failures)
                .execute(service.arguments("create", ID, "--wait", "--quiet", "-o", "id"));
    }

    /** Returns a scan as the API shows it. */
    private static String scan(String status, String failure, String ending) {
        return "{\"id\":\"" + ID + "\",\"instanceId\":\"" + ID + "\",\"status\":\"" + status
                + "\",\"state\":\"" + status + "\",\"ending\":\"" + ending
                + "\",\"scanType\":\"manual\",\"visited\":5,\"reclaimed\":2,"
                + "\"exact\":true,\"fraction\":0.5,\"failure\":\"" + failure + "\",\"longestStallMs\":1.25,"
                + "\"createdAt\":\"2026-01-01T00:00:00Z\",\"finishedAt\":\"2026-01-01T00:01:00Z\",\"version\":3,"
                + "\"timeoutSeconds\":60,\"pace\":{\"stallBudgetMs\":1.0,\"share\":0.25},\"memory\":{},"
                + "\"databases\":[],\"holds\":[],\"sweeps\":[]}";
    }
}
