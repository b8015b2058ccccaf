package io.keysweep.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.sweep.SweepReport.Ending;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Tests the memory report at the end of a sweep. {@code request} sweeps {@code server}, a {@link SimulatedServer},
 * whose keys take {@link SimulatedServer#BYTES_PER_KEY} bytes each.
 */
final class SweepMemoryTest extends SweepTestCase {

    @Test
    void memory_noOtherActivity_isFallInKeyMemory() throws InterruptedException {
        MemoryReport memory = sweep(request).memory();
        assertThat(memory.flow()).isEqualTo(new KeyFlow(/* inflow= */ 0, /* expiredElsewhere= */ 0, /* evicted= */ 0));
        assertThat(memory.reclaimed().method()).isEqualTo(ReclaimedBytes.ReclaimedBytesMethod.MEASURED);
        assertThat(memory.reclaimed().bytes()).isEqualTo((long) DEAD * SimulatedServer.BYTES_PER_KEY);
        assertThat(memory.purge()).isNull();
        assertThat(server.purges).isZero();
    }

    @Test
    void memory_valuesWaitToBeFreed_isMeasuredAfterwards() throws InterruptedException {
        int[] polls = {0};
        server.lazyFreePending = () -> server.dead.isEmpty() && polls[0]++ < 3 ? 7 : 0;
        SweepReport report = sweep(request);

        assertThat(polls[0]).isGreaterThan(3);
        assertThat(Objects.requireNonNull(report.memory().after()).lazyFreePending())
                .isZero();
        assertThat(report.memory().reclaimed().explanation()).doesNotContain("at least");
        assertThat(report.elapsed())
                .as("the time of the run, which leaves out the wait")
                .isLessThan(Duration.ofNanos(server.clock.nanoTime()));
    }

    @Test
    void memory_valuesNeverFreed_endsWithinSecondsAndSaysAtLeast() throws InterruptedException {
        server.lazyFreePending = () -> 7;

        SweepReport report = sweep(request);
        Duration waitAfterTheRun = Duration.ofNanos(server.clock.nanoTime()).minus(report.elapsed());

        assertThat(waitAfterTheRun).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(6));
        assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(report.memory().reclaimed().explanation()).contains("at least, as 7 values");
    }

    @Test
    void memory_cancelledWhileValuesWait_endsImmediately() throws InterruptedException {
        server.lazyFreePending = () -> {
            if (server.dead.isEmpty()) {
                control.cancel();
            }
            return 7;
        };

        SweepReport report = sweep(request.withPurge(true));

        assertThat(Duration.ofNanos(server.clock.nanoTime()).minus(report.elapsed()))
                .isLessThan(Duration.ofMillis(500));
        assertThat(server.purges).isZero();
        assertThat(Objects.requireNonNull(report.memory().purge()).done()).isFalse();
    }

    @Test
    void memory_timedOut_isMeasuredOnceAndNotPurged() throws InterruptedException {
        server.lazyFreePending = () -> 7;

        SweepReport report = sweep(
                request.withPurge(true).withDeadline(server.clock.instant().plusMillis(200)));

        assertThat(report.ending()).isEqualTo(Ending.TIMED_OUT);
        assertThat(Duration.ofNanos(server.clock.nanoTime())).isLessThan(Duration.ofMillis(300));
        assertThat(server.purges).isZero();
    }

    @Test
    void memory_purgeRequested_purgesOnceAtTheEnd() throws InterruptedException {
        SweepReport report = sweep(request.withPurge(true));
        assertThat(report.memory().purge())
                .isEqualTo(new Purge(/* done= */ true, "done", /* rssBefore= */ 9_000_000, /* rssAfter= */ 9_000_000));
        assertThat(server.purges).isEqualTo(1);
    }

    @Test
    void memory_serverUnreachableAtTheEnd_isUnknown() throws InterruptedException {
        SweepReport report = run(server, request.withPurge(true), event -> {
            if (event instanceof SweepEvent.Progressed progressed
                    && progressed.progress().fraction() == 1) {
                server.reachable = false;
            }
        });

        assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(report.usedMemoryAfter()).isNull();
        assertThat(report.memory().flow()).isNull();
        assertThat(report.memory().reclaimed().method()).isEqualTo(ReclaimedBytes.ReclaimedBytesMethod.AVERAGE_KEY);
        assertThat(Objects.requireNonNull(report.memory().purge()).outcome()).contains("stopped answering");
    }

    @Test
    void memory_serverRestarted_doesNotCompareTwoProcesses() throws InterruptedException {
        server.beforeStep = step -> {
            if (step == 20) {
                server.runId = "run-2";
                server.expiredKeys = 0;
                throw new LinkBrokenException("connection broke");
            }
        };
        SweepReport report = sweep(request);

        assertThat(report.memory().flow()).isNull();
        assertThat(report.memory().reclaimed().method()).isEqualTo(ReclaimedBytes.ReclaimedBytesMethod.AVERAGE_KEY);
    }
}
