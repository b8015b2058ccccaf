package io.keysweep.cli.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.TestShell;
import io.keysweep.engine.sweep.SweepReport.Ending;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the file for Prometheus that {@code --metrics-file} writes at the end of a sweep. */
final class MetricsFileTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final TestShell shell = new TestShell();

    @TempDir
    private Path folder;

    @Test
    void write_ofACompleteSweep_hasItsFigures() throws IOException {
        Path file = folder.resolve("sweep.prom");

        assertThat(MetricsFile.at(file, shell.context()).write(metrics(/* exitCode= */ 0)))
                .isTrue();

        String server = "{server=\"redis://h:6379\"}";
        assertThat(Files.readString(file).lines())
                .contains(
                        "# TYPE keysweep_sweep_success gauge",
                        "keysweep_sweep_success" + server + " 1.0",
                        "keysweep_sweep_exit_code" + server + " 0.0",
                        "keysweep_sweep_end_timestamp_seconds" + server + " 1.767225660123E9",
                        "keysweep_sweep_visited_keys" + server + " 300000.0",
                        "keysweep_sweep_reclaimed_keys" + server + " 100000.0",
                        "keysweep_sweep_reclaimed_exact" + server + " 1.0",
                        "keysweep_sweep_steps" + server + " 1234.0",
                        "keysweep_sweep_longest_stall_seconds" + server + " 0.001234567",
                        "# TYPE keysweep_sweep_step_stall_seconds histogram",
                        "keysweep_sweep_step_stall_seconds_count" + server + " 0");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r--r--");
        assertThat(shell.err()).isEmpty();
    }

    @Test
    void write_existingFile_replacesItAndLeavesNoDraft() throws IOException {
        Path file = Files.writeString(folder.resolve("sweep.prom"), "old");

        MetricsFile.at(file, shell.context()).write(metrics(ExitCode.TIMED_OUT.number()));

        assertThat(Files.readString(file)).contains("keysweep_sweep_success{server=\"redis://h:6379\"} 0.0");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void write_intoAFolderThatIsRemoved_saysSo() throws IOException {
        Path removedFolder = Files.createDirectory(folder.resolve("gone"));
        MetricsFile file = MetricsFile.at(removedFolder.resolve("sweep.prom"), shell.context());
        Files.delete(removedFolder);

        assertThat(file.write(metrics(/* exitCode= */ 0))).isFalse();
        assertThat(shell.err()).contains("--metrics-file", "sweep.prom", "could not be written");
    }

    @Test
    void file_thatPrometheusWouldNotRead_isRefusedBeforeTheSweep() {
        assertThatThrownBy(() -> MetricsFile.at(folder.resolve("sweep.txt"), shell.context()))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContainingAll("--metrics-file is '", "sweep.txt', must be a file whose name ends in .prom");
        assertThatThrownBy(() -> MetricsFile.at(folder.resolve("no/sweep.prom"), shell.context()))
                .hasMessageContaining("in a folder that exists");
    }

    private static MetricSnapshots metrics(int exitCode) {
        return SweepMetrics.of(
                "redis://h:6379",
                START,
                START.plusMillis(60_123),
                exitCode,
                SweepTotals.of(Reports.report(Ending.COMPLETED, /* exact= */ true)));
    }
}
