package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepListener;
import io.keysweep.engine.sweep.SweepProgress;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepReport.Ending;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;

/** Runs sweeps that give way to other clients or to replicas, and records their events. */
abstract class GiveWayTestCase {

    static final int LIVE = 10_000;
    static final int DEAD = 20_000;

    /** A pace at which a sweep of all keys takes some seconds. */
    static final PacePolicy SLOW = PacePolicy.GENTLE.withRateCeiling(5_000);

    /** The engine of one test. The subclass that ends first would close a static engine. */
    @AutoClose
    private final SweepEngine engine = LettuceEngine.sweepEngine();

    /** The events of the sweep, in their order. */
    final List<SweepEvent> events = new ArrayList<>();

    /** Returns the versions on which the tests run. The tests take long, so a normal run uses only two versions. */
    static List<RedisVersion> versions() {
        return RedisVersion.allInFullRun(RedisVersion.REDIS_7_0, RedisVersion.VALKEY_8);
    }

    /** Sweeps a server, and passes each event to a listener after it has been recorded. */
    SweepReport sweep(RedisServer server, PacePolicy policy, SweepListener listener) throws InterruptedException {
        SweepRequest request = SweepRequest.of(DeploymentUri.parse(server.uri()), policy);
        return engine.sweep(request, new SweepControl(), event -> {
            events.add(event);
            listener.onEvent(event);
        });
    }

    /** Asserts that a sweep has reclaimed and counted all dead keys, and no other. */
    static void assertCompleteAndExact(SweepReport report, KeySpace keys) {
        assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(report.reclaimed()).isEqualTo(DEAD);
        assertThat(report.exact()).isTrue();
        assertThat(keys.size(0)).isEqualTo(LIVE);
    }

    /** Returns the reasons for which the sweep has held so far, in their order. */
    List<String> holds() {
        return events.stream()
                .filter(SweepEvent.HoldBegan.class::isInstance)
                .map(event -> ((SweepEvent.HoldBegan) event).reason())
                .toList();
    }

    /** Returns the reports of progress while the sweep gave way. */
    List<SweepProgress> slowedProgress() {
        return events.stream()
                .filter(SweepEvent.Progressed.class::isInstance)
                .map(event -> ((SweepEvent.Progressed) event).progress())
                .filter(progress -> progress.slowedBy() != null)
                .toList();
    }
}
