package io.keysweep.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.plan.Checkpoint.DatabasePosition;
import io.keysweep.engine.plan.DatabaseCoverage;
import io.keysweep.engine.sweep.SweepReport.Ending;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests sweeps of a server that counts no key with a TTL, from the start or from some moment on.
 *
 * <p>{@code request} sweeps {@code server}, a {@link SimulatedServer}, on which no live key has a TTL; {@code events}
 * gets all events.
 */
final class SweepWithoutTtlTest extends SweepTestCase {

    private static final Map<Integer, DatabaseCoverage> NO_TTL = Map.of(0, DatabaseCoverage.NO_TTL);
    private static final Map<Integer, DatabaseCoverage> VISITED = Map.of(0, DatabaseCoverage.VISITED);

    @BeforeEach
    void giveNoLiveKeyATtl() {
        server.liveWithTtl = 0;
    }

    @Test
    void sweep_noKeyHasATtl_isCompleteWithoutAStep() throws InterruptedException {
        server.expireElsewhere(DEAD);

        SweepReport report = sweep(request);

        assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(report.coverage()).isEqualTo(NO_TTL);
        assertThat(report.visited()).isZero();
        assertThat(report.databases()).isEmpty();
        assertThat(report.exact()).isTrue();
        assertThat(server.steps).isZero();
        assertThat(fractions(events)).last().isEqualTo(1.0);
    }

    @Test
    void sweep_lastKeyWithATtlRemovedInTheMiddle_endsThere() throws InterruptedException {
        server.beforeStep = step -> {
            if (step == 10) {
                server.expireElsewhere(DEAD);
            }
        };

        SweepReport report = sweep(request);

        assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(report.coverage()).isEqualTo(NO_TTL);
        assertThat(report.visited()).isPositive().isLessThan(LIVE);
        assertThat(report.databases())
                .singleElement()
                .isEqualTo(new SweepReport.DatabaseCount(0, report.visited(), report.reclaimed()));
        assertThat(report.exact()).isTrue();
        assertThat(fractions(events)).isSorted().last().isEqualTo(1.0);
        assertThat(Objects.requireNonNull(lastCheckpoint(events)).databases())
                .extracting(DatabasePosition::coverage)
                .containsExactly(DatabaseCoverage.NO_TTL);
    }

    @Test
    void sweep_lastDeadKeyReclaimed_countsAll() throws InterruptedException {
        SweepReport report = sweep(request);

        assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(report.reclaimed()).isEqualTo(DEAD);
        assertThat(report.exact()).isTrue();
        assertThat(server.dead).isEmpty();
    }

    @Test
    void sweep_everyKeyRemovedInTheMiddle_endsThere() throws InterruptedException {
        server.beforeStep = step -> {
            if (step == 10) {
                server.expireElsewhere(DEAD);
                server.table.removeIf(key -> true);
            }
        };

        // This interval is so short that a checkpoint follows each step.
        SweepReport report = sweep(request.withCheckpointEvery(Duration.ofNanos(100_000)));

        assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(report.coverage()).isEqualTo(NO_TTL);
    }

    @Test
    void sweep_ttlSetSinceTheInspection_visitsAll() throws InterruptedException {
        server.expireElsewhere(DEAD);

        SweepReport report = run(server, request, event -> {
            events.add(event);
            if (event instanceof SweepEvent.Started) {
                server.table.add(7);
                server.dead.add(7L);
                server.liveWithTtl = 1;
            }
        });

        assertThat(report.reclaimed()).isEqualTo(1);
        assertThat(report.coverage()).isEqualTo(VISITED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dragonfly_version:df-1.2", "kvrocks_version:2.9", "mvcc_depth:0", "server_name:other"})
    void sweep_productWhoseCountIsNotKnown_visitsAll(String field) throws InterruptedException {
        server.expireElsewhere(DEAD);
        server.flavour = () -> field;

        SweepReport report = sweep(request);

        assertThat(report.coverage()).isEqualTo(VISITED);
        assertThat(report.visited()).isGreaterThanOrEqualTo(LIVE);
    }

    @Test
    void sweep_writesPausedAtTheCheck_endsOnlyAfterThePause() throws InterruptedException {
        server.expireElsewhere(DEAD);

        SweepReport report = run(server, request, event -> {
            events.add(event);
            if (event instanceof SweepEvent.Started) {
                server.pausedActions = "write";
                server.runAfter(Duration.ofSeconds(3), () -> server.pausedActions = "none");
            }
        });

        assertThat(reasons()).singleElement().asString().contains("writes are paused");
        assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(report.coverage()).isEqualTo(NO_TTL);
        assertThat(server.steps).isZero();

        // No checkpoint says that a database is complete before the pause is over.
        int endOfHold = events.indexOf(events.stream()
                .filter(SweepEvent.HoldEnded.class::isInstance)
                .findFirst()
                .orElseThrow());
        assertThat(events.subList(0, endOfHold))
                .allMatch(event -> !(event instanceof SweepEvent.Checkpointed checkpointed)
                        || checkpointed.checkpoint().databases().stream().noneMatch(DatabasePosition::complete));
    }

    @Test
    void resume_databaseThatHadNoTtl_isStillCoveredOnTheSameProcessOnly() throws InterruptedException {
        server.expireElsewhere(DEAD);
        sweep(request);
        SweepRequest resumingRequest = request.resumingFrom(Objects.requireNonNull(lastCheckpoint(events)));
        server.liveWithTtl = 1;

        SweepReport reportOfSameProcess = sweep(resumingRequest);

        assertThat(reportOfSameProcess.coverage()).isEqualTo(NO_TTL);
        assertThat(reportOfSameProcess.visited()).isZero();

        server.runId = "run-2";
        SweepReport reportOfOtherProcess = sweep(resumingRequest);

        assertThat(reportOfOtherProcess.coverage()).isEqualTo(VISITED);
        assertThat(reportOfOtherProcess.visited()).isGreaterThanOrEqualTo(LIVE);
    }
}
