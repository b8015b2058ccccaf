package io.keysweep.benchmarks.starvation;

import io.keysweep.benchmarks.server.LeanScanner;
import io.keysweep.engine.lettuce.LettuceEngine;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.DeploymentUri;
import java.io.IOException;
import java.time.Duration;

/** What goes on beside the server's own expiry; runs on a thread of its own until it is cancelled. */
enum BackgroundActivity {
    /** Nothing. */
    NOTHING("no sweep") {
        @Override
        void run(int port, StarvationSpec spec, SweepControl control) {}
    },
    /** The slowest setting of the DCS service's own task: COUNT 10, a rest of 5 ms, one cursor, over and over. */
    SLOW_SCAN("SCAN COUNT 10 every 5 ms") {
        @Override
        void run(int port, StarvationSpec spec, SweepControl control) throws IOException, InterruptedException {
            try (LeanScanner scanner = LeanScanner.connect(port)) {
                String cursor = "0";
                while (!control.cancelled()) {
                    cursor = scanner.scan(cursor, 10).cursor();
                    Thread.sleep(REST);
                }
            }
        }
    },
    /** Short passes with rests between. */
    KEYSWEEP("Keysweep, balanced passes") {
        @Override
        void run(int port, StarvationSpec spec, SweepControl control) throws InterruptedException {
            Deployment deployment = DeploymentUri.parse("redis://127.0.0.1:" + port, null, null);
            try (SweepEngine engine = LettuceEngine.sweepEngine()) {
                while (!control.cancelled()) {
                    long start = System.nanoTime();
                    engine.sweep(SweepRequest.of(deployment, PacePolicy.BALANCED), control, event -> {});
                    while (!control.cancelled()
                            && System.nanoTime() - start < spec.passEvery().toNanos()) {
                        Thread.sleep(REST);
                    }
                }
            }
        }
    };

    private static final Duration REST = Duration.ofMillis(5);

    private final String label;

    BackgroundActivity(String label) {
        this.label = label;
    }

    /** Its name in table and JSON. */
    String label() {
        return label;
    }

    abstract void run(int port, StarvationSpec spec, SweepControl control) throws IOException, InterruptedException;
}
