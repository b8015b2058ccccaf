package io.keysweep.benchmarks.starvation;

import io.keysweep.engine.lettuce.LettuceEngine;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.testkit.RespClient;
import java.time.Duration;

/** Names the activities that run next to the server's active expiry, on a thread of their own until they are cancelled. */
enum BackgroundActivity {
    /** Does nothing. */
    NOTHING("no sweep") {
        @Override
        void run(int port, StarvationSpec spec, SweepControl control) {}
    },
    /** Scans with the slowest setting of the DCS service's own task, again and again: COUNT 10, pauses of 5 ms, one cursor. */
    SLOW_SCAN("SCAN COUNT 10 every 5 ms") {
        @Override
        void run(int port, StarvationSpec spec, SweepControl control) throws InterruptedException {
            try (RespClient client = RespClient.connect(port)) {
                String cursor = "0";
                while (!control.cancelled()) {
                    cursor = client.scan(cursor, 10).cursor();
                    Thread.sleep(PAUSE);
                }
            }
        }
    },
    /** Sweeps with Keysweep at regular intervals. */
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
                        Thread.sleep(PAUSE);
                    }
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

    /** Runs until {@code control} is cancelled. */
    abstract void run(int port, StarvationSpec spec, SweepControl control) throws InterruptedException;
}
