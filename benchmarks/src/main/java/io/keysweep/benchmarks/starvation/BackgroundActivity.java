package io.keysweep.benchmarks.starvation;

import io.keysweep.benchmarks.assist.SilentListener;
import io.keysweep.engine.assist.Assist;
import io.keysweep.engine.assist.AssistReport;
import io.keysweep.engine.assist.BacklogLimit;
import io.keysweep.engine.assist.FolderLedger;
import io.keysweep.engine.lettuce.LettuceEngine;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.sweep.Timing;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.testkit.RespClient;
import io.keysweep.testkit.TemporaryFolder;
import java.io.IOException;
import java.time.Duration;

/** Lists what runs on the server of {@code dev/bench starvation} in addition to the server's own active expiry. */
enum BackgroundActivity {
    /** Does nothing, to show active expiry alone. */
    NOTHING("no sweep") {
        @Override
        void run(int port, StarvationSpec spec, SweepControl control) {}
    },
    /**
     * Scans all keys again and again, with the slowest setting of Huawei Cloud DCS's own task: SCAN COUNT 10, then a
     * pause of 5 ms.
     */
    SLOW_SCAN("SCAN COUNT 10 every 5 ms") {
        @Override
        void run(int port, StarvationSpec spec, SweepControl control) throws InterruptedException {
            try (RespClient client = RespClient.connect(port)) {
                String cursor = "0";
                while (!control.cancelled()) {
                    cursor = client.scan(cursor, /* count= */ 10).cursor();
                    Thread.sleep(PAUSE);
                }
            }
        }
    },
    /**
     * Sweeps the whole server again and again with Keysweep's profile {@code balanced}. Such a sweep starts every
     * {@link StarvationSpec#sweepEvery}.
     */
    KEYSWEEP("Keysweep, balanced passes") {
        @Override
        void run(int port, StarvationSpec spec, SweepControl control) throws InterruptedException {
            Deployment deployment = DeploymentUri.parse("redis://127.0.0.1:" + port);
            try (SweepEngine engine = LettuceEngine.sweepEngine()) {
                while (!control.cancelled()) {
                    long start = System.nanoTime();
                    engine.sweep(SweepRequest.of(deployment, PacePolicy.BALANCED), control, event -> {});
                    while (!control.cancelled()
                            && System.nanoTime() - start < spec.sweepEvery().toNanos()) {
                        Thread.sleep(PAUSE);
                    }
                }
            }
        }
    },
    /**
     * Raises settings of the server, so that the server itself removes more expired keys. This continues as long as the
     * backlog (the expired keys in memory) stays at or below {@link StarvationSpec#backlogLimit}. Keysweep's automatic
     * scans for a backlog target assist the server in this way before they sweep it; here no sweep follows.
     */
    ASSIST("Keysweep, assist for a backlog target") {
        @Override
        void run(int port, StarvationSpec spec, SweepControl control) throws IOException, InterruptedException {
            SweepRequest request = SweepRequest.of(DeploymentUri.parse("redis://127.0.0.1:" + port), PacePolicy.GENTLE);
            BacklogLimit limit = new BacklogLimit(spec.backlogLimit(), spec.duration());
            try (TemporaryFolder folder = TemporaryFolder.create("keysweep-bench-starvation");
                    Assist assist = new Assist(
                            LettuceEngine.connector(), new FolderLedger(folder.resolve("ledger")), Timing.system())) {
                while (!control.cancelled()) {
                    AssistReport report = assist.keepWithin(limit, request, control, event -> {}, new SilentListener());
                    if (report.ending() != AssistReport.AssistEnding.CANCELLED
                            && !report.ending().complete()) {
                        throw new IllegalStateException("Assist ended " + report.ending() + ": " + report.reason());
                    }
                    Thread.sleep(PAUSE);
                }
            }
        }
    };

    private static final Duration PAUSE = Duration.ofMillis(5);

    private final String label;

    BackgroundActivity(String label) {
        this.label = label;
    }

    /** Returns the name in the table and in JSON. */
    String label() {
        return label;
    }

    /**
     * Runs on the calling thread until {@code control} is cancelled, or ends immediately if there is nothing to do.
     *
     * @param port the port of the server on this machine
     */
    abstract void run(int port, StarvationSpec spec, SweepControl control) throws IOException, InterruptedException;
}
