package io.keysweep.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.pacing.Limit;
import io.keysweep.engine.pacing.Limits;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.pacing.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests how a sweep slows down under load and recovers, in simulated time. */
final class GiveWayTest extends SweepTestCase {

    /** The pace at which a sweep of {@link #server} takes 45 s. */
    private static final PacePolicy SLOW = PacePolicy.GENTLE.withRateCeiling(1_000);

    @Test
    void sweep_highLatency_slowsDownWithReasonAndRecovers() throws InterruptedException {
        server.runAfter(Duration.ofSeconds(1), () -> {
            server.latency = Duration.ofMillis(20);
            server.runAfter(Duration.ofSeconds(10), () -> server.latency = Duration.ZERO);
        });

        SweepReport report = sweep(request(SLOW));

        assertThat(report.reclaimed()).isEqualTo(DEAD);
        assertThat(report.exact()).isTrue();

        List<SweepProgress> slowedProgress = progressWhileSlowed();
        assertThat(slowedProgress)
                .extracting(SweepProgress::slowedBy)
                .contains("callers wait 20.0 ms for the server, more than 5.0 ms");
        assertThat(slowedProgress.stream().mapToDouble(SweepProgress::share).min())
                .as("the lowest share, which is the share of the pace gentle times the lowest throttle factor")
                .hasValue(0.25 / 32);
        assertThat(slowedProgress.getFirst().elapsed()).isLessThan(Duration.ofSeconds(2));
        assertThat(slowedProgress.getLast().elapsed()).isLessThan(Duration.ofSeconds(20));
        assertThat(progress().getLast().share()).isEqualTo(0.25);

        // While the latency was high, the sweep visited about a thirtieth of its usual 1,000 keys per second.
        long visitedInFiveSeconds = visitedAt(Duration.ofSeconds(9)) - visitedAt(Duration.ofSeconds(4));
        assertThat(visitedInFiveSeconds).isBetween(100L, 300L);
        assertThat(reasons()).isEmpty();
    }

    @Test
    void sweep_highLatency_reportsHowLongCallersWait() throws InterruptedException {
        server.runAfter(Duration.ofSeconds(2), () -> {
            server.latency = Duration.ofMillis(20);
            server.runAfter(Duration.ofSeconds(10), () -> server.latency = Duration.ZERO);
        });

        sweep(request(SLOW));

        // Before the first control period nothing is known yet.
        assertThat(progress().getFirst().callersWait()).isNull();
        assertThat(callersWaits(Duration.ofSeconds(1), Duration.ofSeconds(2))).containsOnly(Duration.ZERO);
        assertThat(callersWaits(Duration.ofSeconds(4), Duration.ofSeconds(10))).containsOnly(Duration.ofMillis(20));
        assertThat(progress().getLast().callersWait()).isZero();
    }

    @Test
    void sweep_occasionalLateAnswer_hasNoEffect() throws InterruptedException {
        server.beforeStep = step -> server.latency = step % 300 == 0 ? Duration.ofMillis(50) : Duration.ZERO;

        sweep(request(SLOW));

        assertThat(progressWhileSlowed()).isEmpty();
    }

    @Test
    void sweep_fullShareThrottled_sendsOneStepAtATime() throws InterruptedException {
        SimulatedServer large = new SimulatedServer(3 * LIVE, 3 * DEAD);
        large.costPerKey = Duration.ofNanos(20_000);
        Limit callersWait = new Limit(/* soft= */ 10, /* hard= */ 1_000, Limit.OFF);
        PacePolicy policy = PacePolicy.FULL.withLimits(Limits.NONE.with(Signal.LATENCY, callersWait));

        // After the first report of progress, callers wait longer than the soft limit allows. The first report of a
        // slowed sweep stores how many steps were in flight until then, and starts the count again.
        int[] maxBeforeThrottling = new int[1];
        SweepReport report = run(large, request(policy), event -> {
            events.add(event);
            if (event instanceof SweepEvent.Progressed progressed) {
                if (progressed.progress().slowedBy() != null && maxBeforeThrottling[0] == 0) {
                    maxBeforeThrottling[0] = large.maxInFlight;
                    large.maxInFlight = 0;
                }
                large.latency = Duration.ofMillis(25);
            }
        });

        assertThat(report.reclaimed()).isEqualTo(3 * DEAD);
        assertThat(maxBeforeThrottling[0])
                .as("steps at a time before the throttling")
                .isEqualTo(4);
        assertThat(large.maxInFlight).as("steps at a time after it").isEqualTo(1);
    }

    /** Returns all reports of progress. */
    private List<SweepProgress> progress() {
        return events.stream()
                .filter(SweepEvent.Progressed.class::isInstance)
                .map(event -> ((SweepEvent.Progressed) event).progress())
                .toList();
    }

    /** Returns the reports of progress while the sweep was slowed down. */
    private List<SweepProgress> progressWhileSlowed() {
        return progress().stream()
                .filter(progress -> progress.slowedBy() != null)
                .toList();
    }

    /** Returns how long callers waited for the server, by each report of progress in a part of the run. */
    private List<@Nullable Duration> callersWaits(Duration from, Duration to) {
        List<@Nullable Duration> waits = new ArrayList<>();
        for (SweepProgress progress : progress()) {
            if (progress.elapsed().compareTo(from) >= 0 && progress.elapsed().compareTo(to) < 0) {
                waits.add(progress.callersWait());
            }
        }
        return waits;
    }

    /** Returns the number of keys that the sweep had visited after a time. */
    private long visitedAt(Duration elapsed) {
        return progress().stream()
                .filter(progress -> progress.elapsed().compareTo(elapsed) <= 0)
                .mapToLong(SweepProgress::visited)
                .max()
                .orElse(0);
    }
}
