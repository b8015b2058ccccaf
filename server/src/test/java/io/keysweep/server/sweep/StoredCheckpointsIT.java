package io.keysweep.server.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.plan.Checkpoint.DatabasePosition;
import io.keysweep.engine.plan.DatabaseCoverage;
import io.keysweep.engine.plan.ReplicationIdentity;
import io.keysweep.engine.plan.Segmentation.Prefixes;
import io.keysweep.engine.plan.Segmentation.Sequential;
import io.keysweep.engine.plan.Segmentation.SlotRuns;
import io.keysweep.engine.sweep.StepTimes;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepProgress;
import io.keysweep.engine.topology.SlotSet;
import io.keysweep.server.TestDatabase;
import io.keysweep.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Tests how the checkpoints of a sweep are stored and replaced, on each database that the service supports. */
@ParameterizedClass
@ValueSource(strings = {"h2", "postgresql"})
class StoredCheckpointsIT {

    private static final SweepProgress PROGRESS = progress(/* callersWait= */ null);

    private final String dialect;
    private final SweepKey key = new SweepKey(UUID.randomUUID(), /* round= */ 1, Checkpoints.NODE);
    private final ManualClock clock = new ManualClock();
    private JdbcClient jdbc;
    private SweepStore sweeps;

    StoredCheckpointsIT(String dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        DataSource dataSource = TestDatabase.create(dialect, folder);
        jdbc = JdbcClient.create(dataSource);
        sweeps = SweepTesting.store(dataSource, clock);
        SweepTesting.insertScan(jdbc, key.scanId());
        sweeps.insert(SweepRecord.waiting(key.scanId(), /* round= */ 1, Checkpoints.NODE, SlotSet.ALL));
    }

    @Test
    void checkpoint_thatIsStored_isFoundComplete() {
        ClaimedSweep claimed = SweepTesting.claimed(jdbc, sweeps, key);
        assertThat(claimed.checkpoint()).isNull();

        // The positions differ in each part: database, segmentation, seed, number of completed segments, and the cursor
        // within the next segment. Database 7 is covered, because its only segment is completed. Database 8 is covered
        // without a visit of all keys: a last cursor of 0 says that no key with a TTL is left.
        DatabasePosition zero = new DatabasePosition(
                /* db= */ 0, new Prefixes(6), /* seed= */ 42L, /* segmentsDone= */ 3, /* cursor= */ -1L);
        DatabasePosition seven = new DatabasePosition(
                /* db= */ 7, new Sequential(), /* seed= */ -42L, /* segmentsDone= */ 1, /* cursor= */ null);
        DatabasePosition eight = new DatabasePosition(
                /* db= */ 8, new Prefixes(6), /* seed= */ 42L, /* segmentsDone= */ 3, /* cursor= */ 0L);
        DatabasePosition nine = new DatabasePosition(
                /* db= */ 9, new SlotRuns(5), /* seed= */ 7L, /* segmentsDone= */ 30, /* cursor= */ 16_383L);
        Checkpoint first = new Checkpoint(
                Checkpoints.NODE,
                Checkpoints.IDENTITY,
                /* visited= */ 10,
                /* reclaimed= */ 5,
                /* exact= */ true,
                /* alone= */ true,
                Checkpoints.UNCOUNTED,
                /* expiredKeys= */ 77,
                Checkpoints.DELETIONS,
                Checkpoints.SLOTS,
                /* epoch= */ 7L,
                /* fraction= */ 0.25,
                List.of(zero, seven, eight, nine));
        claimed.attempt()
                .storeCheckpoint(Checkpoints.reported(first), PROGRESS, /* isFirst= */ true, first.databases());

        ClaimedSweep claimedAgain = SweepTesting.claimed(jdbc, sweeps, key);
        assertThat(claimedAgain.checkpoint()).isEqualTo(first);

        // A second checkpoint has another position in database 0. The clock moves, so that the samples have different
        // times.
        clock.advance(Duration.ofSeconds(1));
        DatabasePosition movedPosition = new DatabasePosition(
                /* db= */ 0, new Prefixes(6), /* seed= */ 42L, /* segmentsDone= */ 4, /* cursor= */ null);
        Checkpoint second = new Checkpoint(
                Checkpoints.NODE,
                new ReplicationIdentity("run", "replid", 4),
                /* visited= */ 20,
                /* reclaimed= */ 9,
                /* exact= */ false,
                /* alone= */ false,
                /* uncounted= */ null,
                /* expiredKeys= */ 81,
                /* deletionPoint= */ null,
                Checkpoints.SLOTS,
                /* epoch= */ 7L,
                /* fraction= */ 0.5,
                List.of(movedPosition, seven, eight, nine));
        claimedAgain
                .attempt()
                .storeCheckpoint(Checkpoints.reported(second), PROGRESS, /* isFirst= */ false, List.of(movedPosition));

        assertThat(SweepTesting.claimed(jdbc, sweeps, key).checkpoint()).isEqualTo(second);
        assertThat(PositionRows.coverage(jdbc, List.of(key.scanId())))
                .isEqualTo(Map.of(key, Map.of(7, DatabaseCoverage.VISITED, 8, DatabaseCoverage.NO_TTL)));

        // The record of the sweep has the counts of the second checkpoint.
        SweepRecord storedSweep = sweeps.ofScans(List.of(key.scanId())).getFirst();
        assertThat(storedSweep.visited()).isEqualTo(20);
        assertThat(storedSweep.reclaimed()).isEqualTo(9);
        assertThat(storedSweep.fraction()).isEqualTo(0.5);
        assertThat(storedSweep.exact()).isFalse();
    }

    @Test
    void checkpoint_withProgress_storesASampleWithTheWaitOfCallers() {
        SweepAttempt attempt = claim();
        SweepEvent.Checkpointed event = Checkpoints.reported(Checkpoints.of(/* counts= */ 1, List.of()));
        attempt.storeCheckpoint(event, PROGRESS, /* isFirst= */ true, List.of());

        // The next sample is due after 2 s.
        clock.advance(Duration.ofSeconds(2));
        attempt.storeCheckpoint(
                event, progress(/* callersWait= */ Duration.ofNanos(1_234_567)), /* isFirst= */ false, List.of());

        // The first progress does not know the wait. The second wait is stored in whole microseconds.
        assertThat(new SampleHistory(jdbc).of(key.scanId()))
                .extracting(SampleHistory.Sample::callersWait)
                .containsExactly(null, Duration.ofNanos(1_234_000));
    }

    @Test
    void checkpoint_firstOfAnAttempt_replacesAllPositions() {
        // The first attempt stores a position in database 3, the second attempt one in database 4.
        Checkpoint earlier = Checkpoints.of(/* counts= */ 1, List.of(firstPosition(/* db= */ 3)));
        claim().storeCheckpoint(
                        Checkpoints.reported(earlier), /* progress= */ null, /* isFirst= */ true, earlier.databases());
        Checkpoint later = Checkpoints.of(/* counts= */ 2, List.of(firstPosition(/* db= */ 4)));
        claim().storeCheckpoint(
                        Checkpoints.reported(later), /* progress= */ null, /* isFirst= */ true, later.databases());

        assertThat(SweepTesting.claimed(jdbc, sweeps, key).checkpoint()).isEqualTo(later);
    }

    /** Returns the progress of a sweep whose callers wait for this time; null if the wait is not known. */
    private static SweepProgress progress(@Nullable Duration callersWait) {
        return new SweepProgress(
                /* visited= */ 1,
                /* reclaimed= */ 1,
                /* fraction= */ 0.1,
                /* count= */ 100,
                /* longestStall= */ Duration.ofMillis(1),
                /* elapsed= */ Duration.ofSeconds(1),
                /* remaining= */ null,
                /* share= */ 0.25,
                /* slowedBy= */ null,
                StepTimes.NONE,
                callersWait);
    }

    /** Claims the sweep as a worker that has just picked its execution. */
    private SweepAttempt claim() {
        return SweepTesting.claim(jdbc, sweeps, key);
    }

    /** Returns the position after the first segment of a database. */
    private static DatabasePosition firstPosition(int db) {
        return new DatabasePosition(db, new Prefixes(2), /* seed= */ 1, /* segmentsDone= */ 1, /* cursor= */ null);
    }
}
