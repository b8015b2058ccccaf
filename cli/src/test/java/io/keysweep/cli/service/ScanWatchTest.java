package io.keysweep.cli.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.TestShell;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests by which field of an ended scan {@code keysweep scans watch} chooses its exit code. */
final class ScanWatchTest {

    private static final String ID = "5560df16-cebf-4473-95c4-d1b573c16e79";

    private final TestShell shell = new TestShell();

    @ParameterizedTest
    @CsvSource({
        "success, , success, 0",
        "failed, Timed out after 60 s, failed, 1",
        "failed, The time is over, expired, 6",
        "failed, Cancelled by nobody, failed, 1",
        "failed, Ended by ann, cancelled, 130",
    })
    void exitCode_endedScan_followsTheEndingAndNotTheText(String status, String failure, String ending, int exitCode) {
        String scan = "{\"id\":\"" + ID + "\",\"instanceId\":\"" + ID + "\",\"status\":\"" + status
                + "\",\"state\":\"" + status + "\",\"ending\":\"" + ending
                + "\",\"scanType\":\"manual\",\"visited\":5,\"reclaimed\":2,"
                + "\"exact\":true,\"fraction\":0.5,\"failure\":\"" + failure + "\",\"longestStallMs\":1.25,"
                + "\"createdAt\":\"2026-01-01T00:00:00Z\",\"finishedAt\":\"2026-01-01T00:01:00Z\",\"version\":3,"
                + "\"timeoutSeconds\":60,\"pace\":{\"stallBudgetMs\":1.0,\"share\":0.25},\"memory\":{},"
                + "\"databases\":[],\"holds\":[],\"sweeps\":[]}";
        try (StubService service = StubService.answering(200, "application/json", scan)) {
            List<String> arguments = new ArrayList<>(List.of("watch", ID, "--quiet", "-o", "id"));
            arguments.addAll(service.options());

            assertThat(ScansCommand.withSubcommands(shell.context()).execute(arguments.toArray(String[]::new)))
                    .isEqualTo(exitCode);
            assertThat(shell.out()).isEqualTo(ID + System.lineSeparator());
        }
    }
}
