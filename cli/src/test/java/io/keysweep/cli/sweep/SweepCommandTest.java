package io.keysweep.cli.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.TestShell;
import io.keysweep.cli.shell.UserAssistLedger;
import io.keysweep.engine.assist.AssistLedger;
import io.keysweep.engine.assist.RaisedSettings;
import io.keysweep.engine.assist.SettingChange;
import io.keysweep.engine.discovery.Topology;
import io.keysweep.engine.lettuce.LettuceEngine;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.pacing.Limit;
import io.keysweep.engine.pacing.Limits;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.pacing.Signal;
import io.keysweep.engine.sweep.PrimaryReading;
import io.keysweep.engine.sweep.PrimarySummary;
import io.keysweep.engine.sweep.StepTimes;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepListener;
import io.keysweep.engine.sweep.SweepProgress;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepReport.Ending;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.Shard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Tests the options, the output and the exit codes of {@code keysweep sweep}, without a server. */
final class SweepCommandTest {

    private static final double MIB = 1 << 20;

    private final TestShell shell = new TestShell();
    private final FakeEngine engine = new FakeEngine();

    /** The number of connectors that the command has asked for. */
    private int connectors;

    @ParameterizedTest
    @CsvSource({"COMPLETED, DONE", "TIMED_OUT, TIMED_OUT", "CANCELLED, INTERRUPTED"})
    void exitCode_everyEnding_hasItsNumber(Ending ending, ExitCode code) {
        engine.ending = ending;

        assertThat(run("redis://h")).isEqualTo(code.number());
        assertThat(engine.closed).isTrue();
    }

    @Test
    void metricsFile_memoryRunsOut_saysThatTheSweepHasFailed(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("sweep.prom"), "keysweep_sweep_success 1.0");
        engine.beforeEnd = () -> {
            throw new OutOfMemoryError("a test");
        };

        assertThatThrownBy(() -> run("--metrics-file", file.toString(), "redis://h"))
                .isInstanceOf(OutOfMemoryError.class);

        assertThat(Files.readString(file)).contains("keysweep_sweep_exit_code{server=\"redis://h:6379\"} 1.0");
    }

    @Test
    void request_withoutOptions_isGentleAndPatient() {
        run("redis://h");

        SweepRequest request = engine.request();
        assertThat(request.pace()).isEqualTo(PacePolicy.GENTLE);
        assertThat(request.deadline()).isNull();
        assertThat(request.patience()).isEqualTo(Duration.ofSeconds(60));
        assertThat(request.purge()).isFalse();
        assertThat(request.namesStay()).isFalse();
    }

    @Test
    void request_withEveryOption_carriesThem() {
        run(
                "--profile=full",
                "--stall-budget=0.5",
                "--share=0.1",
                "--max-rate=5000",
                "--max-latency=100ms",
                "--max-replica-lag=64mb",
                "--max-evictions=500",
                "--timeout=90s",
                "--patience=2m",
                "--purge",
                "--no-names",
                "--username=app",
                "--password=secret",
                "rediss://h:7000");

        SweepRequest request = engine.request();
        assertThat(request.pace())
                .isEqualTo(new PacePolicy(
                        Duration.ofNanos(500_000),
                        /* shareCeiling= */ 0.1,
                        OptionalLong.of(5000),
                        Limits.FULL
                                .with(Signal.LATENCY, new Limit(/* soft= */ 10, /* hard= */ 100, /* critical= */ 500))
                                .with(
                                        Signal.REPLICA_LAG,
                                        new Limit(/* soft= */ 8 * MIB, /* hard= */ 64 * MIB, /* critical= */ 192 * MIB))
                                .with(Signal.EVICTIONS, new Limit(/* soft= */ 250, /* hard= */ 500, Limit.OFF))));
        assertThat(request.deadline()).isEqualTo(Instant.parse("2026-01-01T00:01:30Z"));
        assertThat(request.patience()).isEqualTo(Duration.ofMinutes(2));
        assertThat(request.purge()).isTrue();
        assertThat(request.namesStay()).isTrue();
        assertThat(request.deployment().access().credentials().username()).isEqualTo("app");
        assertThat(request.deployment().access().credentials().password()).isEqualTo("secret");
    }

    @Test
    void request_withHighHardLimits_keepsTheOtherLimitsOfTheProfile() {
        Limit latency = Limits.GENTLE.of(Signal.LATENCY);
        Limit evictions = Limits.GENTLE.of(Signal.EVICTIONS);

        run("--max-latency=1s", "--max-evictions=10000", "redis://h");

        assertThat(engine.request().pace().limits())
                .isEqualTo(Limits.GENTLE
                        .with(Signal.LATENCY, new Limit(latency.soft(), /* hard= */ 1_000, latency.critical()))
                        .with(Signal.EVICTIONS, new Limit(evictions.soft(), /* hard= */ 10_000, evictions.critical())));
    }

    @Test
    void output_inPipe_separatesResultFromProgress() {
        run("redis://h");

        assertThat(shell.out()).startsWith("Swept ").doesNotContain("%");
        assertThat(shell.err())
                .startsWith("Sweeping 127.0.0.1:6379 (Redis 7.0.15): 300,000 keys in 1 database, ")
                .contains("50 %, visited 150,000")
                .contains(", slowed to 12 % of the server's time: callers wait 9.0 ms for the server")
                .contains("about 2 min left")
                .doesNotContain("\u001b")
                .doesNotContain("\r");
    }

    @Test
    void output_quietJson_isTheDocumentAlone() {
        run("--json", "--quiet", "redis://h");

        assertThat(shell.err()).isEmpty();
        assertThat(shell.out()).startsWith("{").hasLineCount(1);
    }

    @Test
    void interrupt_whileSweeping_cancelsAndStillReports() {
        engine.beforeEnd = () -> {
            shell.interrupt();
            engine.ending = Objects.requireNonNull(engine.control).cancelled() ? Ending.CANCELLED : Ending.COMPLETED;
        };

        assertThat(run("redis://h")).isEqualTo(ExitCode.INTERRUPTED.number());
        assertThat(shell.out()).contains("interrupted after").contains("100,000 expired keys");
    }

    @Test
    void interrupt_whileConnecting_isTheReasonOfTheFailure() {
        engine.beforeStart = () -> {
            shell.interrupt();
            throw new NodeRefusedException("h:6379", NodeRefusedException.Reason.UNREACHABLE, "h:6379 does not answer");
        };
        List<Exception> failures = new ArrayList<>();

        new CommandLine(new SweepCommand(shell.context(), () -> engine, this::connector))
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    failures.add(failure);
                    return ExitCode.of(failure).number();
                })
                .execute("redis://h");

        assertThat(failures).singleElement().isInstanceOf(InterruptedException.class);
        assertThat(shell.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--share=5", "--stall-budget=0", "--max-rate=0", "--parallel=0", "--parallel-per-host=0"})
    void options_notValid_areRefusedBeforeAnyConnection(String option, @TempDir Path home) throws IOException {
        // An earlier process has left a setting raised. A sweep that connects would restore it.
        shell.withHome(home);
        NodeAddress address = new NodeAddress("h", 6379);
        AssistLedger ledger = UserAssistLedger.of(shell.context());
        try (AssistLedger.Claim claim = ledger.claim(address).orElseThrow()) {
            claim.store(new RaisedSettings(
                    AssistLedger.keyOf(DeploymentUri.parse("redis://h")),
                    address,
                    /* runId= */ "",
                    Instant.EPOCH,
                    List.of(new SettingChange("hz", /* former= */ "10", /* raised= */ "500"))));
        }

        assertThat(run("redis://h", option)).isNotZero();

        assertThat(connectors).isZero();
        assertThat(ledger.entries()).hasSize(1);
    }

    private NodeConnector connector() {
        connectors++;
        return LettuceEngine.connector();
    }

    private int run(String... arguments) {
        return new CommandLine(new SweepCommand(shell.context(), () -> engine, this::connector))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments);
    }

    /** Simulates an engine whose sweeps end immediately, with the ending that the test sets. */
    private static final class FakeEngine implements SweepEngine {

        Ending ending = Ending.COMPLETED;
        Runnable beforeStart = () -> {};
        Runnable beforeEnd = () -> {};
        boolean closed;

        @Nullable SweepControl control;

        private @Nullable SweepRequest request;

        SweepRequest request() {
            return Objects.requireNonNull(request);
        }

        @Override
        public Topology discover(Deployment deployment) {
            throw new UnsupportedOperationException("a single server needs no discovery");
        }

        @Override
        public PrimarySummary inspect(Deployment deployment, @Nullable Shard shard) {
            SweepReport report = Reports.report(ending, /* exact= */ true);
            TreeMap<Integer, Long> keys = new TreeMap<>();
            keys.put(0, 300_000L);
            return new PrimarySummary(
                    report.nodeId(),
                    report.profile(),
                    /* keys= */ keys,
                    /* expires= */ keys,
                    report.usedMemoryBefore(),
                    /* maxMemory= */ 0,
                    /* evictedKeys= */ 0,
                    /* replicas= */ 0,
                    new TreeSet<>());
        }

        @Override
        public PrimaryReading read(Deployment deployment, NodeAddress primary) {
            throw new UnsupportedOperationException("a sweep by itself needs no reading");
        }

        @Override
        public SweepReport sweep(SweepRequest request, SweepControl control, SweepListener listener) {
            this.request = request;
            this.control = control;
            beforeStart.run();
            listener.onEvent(new SweepEvent.Started(inspect(request.deployment())));
            listener.onEvent(new SweepEvent.Progressed(new SweepProgress(
                    /* visited= */ 150_000,
                    /* reclaimed= */ 50_000,
                    /* fraction= */ 0.5,
                    /* count= */ 400,
                    Duration.ofMillis(1),
                    Duration.ofMillis(700),
                    /* remaining= */ Duration.ofSeconds(90),
                    /* share= */ 0.125,
                    "callers wait 9.0 ms for the server, more than 5.0 ms",
                    StepTimes.NONE,
                    /* callersWait= */ Duration.ofMillis(9))));
            beforeEnd.run();
            SweepReport report = Reports.report(ending, /* exact= */ true);
            listener.onEvent(new SweepEvent.Finished(report));
            return report;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
