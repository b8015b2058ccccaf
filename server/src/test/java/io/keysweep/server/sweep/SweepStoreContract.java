package io.keysweep.server.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.kagkarlsson.scheduler.task.Execution;
import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.plan.Checkpoint.DatabasePosition;
import io.keysweep.engine.plan.DatabaseCoverage;
import io.keysweep.engine.plan.ReplicationIdentity;
import io.keysweep.engine.plan.ReplicationPoint;
import io.keysweep.engine.plan.Segmentation.Prefixes;
import io.keysweep.engine.plan.Segmentation.Sequential;
import io.keysweep.engine.plan.Segmentation.SlotRuns;
import io.keysweep.engine.plan.UncountedSteps;
import io.keysweep.engine.reclaim.ServerProfile;
import io.keysweep.engine.sweep.PrimarySummary;
import io.keysweep.engine.sweep.StepTimes;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepProgress;
import io.keysweep.engine.topology.SlotSet;
import io.keysweep.testkit.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Tests the store of sweeps and its attempts, on each database that the service supports.
 *
 * <p>An attempt is the claim of one worker on a sweep. Once a later attempt exists, writes of the earlier attempt are
 * refused. An execution is the task of db-scheduler that runs the sweep; a worker picks it before it claims the sweep.
 */
abstract class SweepStoreContract {

    private static final String NODE = "127.0.0.1:6379";

    /** The greatest length of a stored reason or failure. */
    private static final int MAX_REASON_LENGTH = 1_000;

    private static final ReplicationPoint DELETIONS = new ReplicationPoint("replid", 4_711);
    private static final ReplicationIdentity IDENTITY = new ReplicationIdentity("run", "replid", 3);
    private static final SlotSet SLOTS = SlotSet.parse("0-5460,10923");
    private static final SweepProgress PROGRESS = progress(/* callersWait= */ null);
    private static final UncountedSteps UNCOUNTED = new UncountedSteps(
            /* atMost= */ 900,
            /* likely= */ 30,
            /* notAfterMicros= */ 1_700_000_000_000_000L,
            /* clientId= */ 5,
            // The number and the percentage of expired keys, as INFO has reported them.
            /* traces= */ "7 0.00");

    private final SweepKey key = new SweepKey(UUID.randomUUID(), /* round= */ 1, NODE);
    private final ManualClock clock = new ManualClock();
    private JdbcClient jdbc;
    private SweepStore sweeps;

    /** Returns an empty database with the current schema. */
    abstract DataSource dataSource();

    @BeforeEach
    void open() {
        DataSource dataSource = dataSource();
        jdbc = JdbcClient.create(dataSource);
        sweeps = SweepTesting.store(dataSource, clock);
        SweepTesting.insertScan(jdbc, key.scanId());
        sweeps.insert(SweepRecord.waiting(key.scanId(), /* round= */ 1, NODE, SlotSet.ALL));
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
                NODE,
                IDENTITY,
                /* visited= */ 10,
                /* reclaimed= */ 5,
                /* exact= */ true,
                /* alone= */ true,
                UNCOUNTED,
                /* expiredKeys= */ 77,
                DELETIONS,
                SLOTS,
                /* epoch= */ 7L,
                /* fraction= */ 0.25,
                List.of(zero, seven, eight, nine));
        claimed.attempt().storeCheckpoint(reported(first), PROGRESS, /* isFirst= */ true, first.databases());

        ClaimedSweep claimedAgain = SweepTesting.claimed(jdbc, sweeps, key);
        assertThat(claimedAgain.checkpoint()).isEqualTo(first);

        // A second checkpoint has another position in database 0. The clock moves, so that the samples have different
        // times.
        clock.advance(Duration.ofSeconds(1));
        DatabasePosition movedPosition = new DatabasePosition(
                /* db= */ 0, new Prefixes(6), /* seed= */ 42L, /* segmentsDone= */ 4, /* cursor= */ null);
        Checkpoint second = new Checkpoint(
                NODE,
                new ReplicationIdentity("run", "replid", 4),
                /* visited= */ 20,
                /* reclaimed= */ 9,
                /* exact= */ false,
                /* alone= */ false,
                /* uncounted= */ null,
                /* expiredKeys= */ 81,
                /* deletionPoint= */ null,
                SLOTS,
                /* epoch= */ 7L,
                /* fraction= */ 0.5,
                List.of(movedPosition, seven, eight, nine));
        claimedAgain
                .attempt()
                .storeCheckpoint(reported(second), PROGRESS, /* isFirst= */ false, List.of(movedPosition));

        assertThat(SweepTesting.claimed(jdbc, sweeps, key).checkpoint()).isEqualTo(second);
        assertThat(PositionRows.coverage(jdbc, List.of(key.scanId())))
                .isEqualTo(Map.of(key, Map.of(7, DatabaseCoverage.VISITED, 8, DatabaseCoverage.NO_TTL)));

        // The record of the sweep has the counts of the second checkpoint.
        SweepRecord storedSweep = sweep();
        assertThat(storedSweep.visited()).isEqualTo(20);
        assertThat(storedSweep.reclaimed()).isEqualTo(9);
        assertThat(storedSweep.fraction()).isEqualTo(0.5);
        assertThat(storedSweep.exact()).isFalse();
    }

    @Test
    void checkpoint_withProgress_storesASampleWithTheWaitOfCallers() {
        SweepAttempt attempt = claim();
        SweepEvent.Checkpointed event = reported(checkpoint(/* counts= */ 1, List.of()));
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
        Checkpoint earlier = checkpoint(/* counts= */ 1, List.of(firstPosition(/* db= */ 3)));
        claim().storeCheckpoint(reported(earlier), /* progress= */ null, /* isFirst= */ true, earlier.databases());
        Checkpoint later = checkpoint(/* counts= */ 2, List.of(firstPosition(/* db= */ 4)));
        claim().storeCheckpoint(reported(later), /* progress= */ null, /* isFirst= */ true, later.databases());

        assertThat(SweepTesting.claimed(jdbc, sweeps, key).checkpoint()).isEqualTo(later);
    }

    @Test
    void writes_ofASupersededAttempt_throwAndChangeNothing() {
        SweepAttempt superseded = claim();
        SweepAttempt owner = claim();
        owner.storeCheckpoint(
                reported(checkpoint(/* counts= */ 5, List.of())), /* progress= */ null, /* isFirst= */ true, List.of());
        SweepRecord before = sweep();

        // Each of these methods writes about the sweep.
        Stream.<ThrowingCallable>of(
                        () -> superseded.recordRunStart(inspection(/* usedMemory= */ 1)),
                        () -> superseded.recordHold("late"),
                        () -> superseded.storeCheckpoint(
                                reported(checkpoint(/* counts= */ 99, List.of())),
                                /* progress= */ null,
                                /* isFirst= */ true,
                                List.of()),
                        () -> superseded.recordRunEnd(
                                SweepTesting.report(NODE, 99).memory()),
                        () -> superseded.recordInterruption(
                                SweepTesting.report(NODE, 99).memory(), "late"),
                        () -> superseded.finish(SweepTesting.report(NODE, 99), /* failure= */ null),
                        () -> superseded.fail("late"))
                .forEach(write -> assertThatThrownBy(write)
                        .isInstanceOf(SupersededException.class)
                        .hasMessage("Attempt 1 of sweep " + key + " may write no more: a newer attempt has claimed the"
                                + " sweep, or the sweep has finished."));

        assertThat(sweep()).isEqualTo(before);
    }

    @Test
    void writes_afterTheEndOfASweep_throw() {
        SweepAttempt attempt = claim();
        attempt.finish(SweepTesting.report(NODE, /* reclaimed= */ 9), /* failure= */ null);

        assertThatThrownBy(() -> attempt.fail("late")).isInstanceOf(SupersededException.class);
        assertThatThrownBy(() -> attempt.recordHold("late")).isInstanceOf(SupersededException.class);
        assertThat(sweep().reclaimed()).isEqualTo(9);
    }

    /**
     * Reasons are cut to the length of their columns. Otherwise the end could not be stored, and the sweep would never
     * end.
     */
    @Test
    void reasons_thatAreTooLong_areCut() {
        String disagreement = "sentinel-1.example.org:26379 names 10.0.0.1:6379; ".repeat(40);
        SweepAttempt attempt = claim();
        attempt.recordHold("tries again later: " + disagreement);

        assertThat(sweep().hold()).hasSize(MAX_REASON_LENGTH).startsWith("tries again later: sentinel-1");

        attempt.timeOut("Timed out after 60 s; it had waited for its server: " + disagreement);
        assertThat(sweep().failure()).hasSize(MAX_REASON_LENGTH).startsWith("Timed out after 60 s");
    }

    /** A worker freezes after it has picked the execution. Another worker picks it before the first worker claims. */
    @Test
    void claim_ofAnExecutionThatAnotherWorkerHasPicked_isRefusedWithoutEffect() {
        Execution stale = SweepTesting.pick(jdbc, key);
        SweepAttempt owner = claim();

        assertThatThrownBy(() -> sweeps.claim(key, stale)).isInstanceOf(SupersededException.class);

        owner.recordHold("mine");
        assertThat(sweep().hold()).isEqualTo("mine");
        assertThat(owner.number()).isEqualTo(1);
    }

    /**
     * db-scheduler has revived the execution: it is due again, because its worker seemed dead. No worker has picked it
     * yet.
     */
    @Test
    void claim_ofAnExecutionThatWasRevived_isRefused() {
        Execution stale = SweepTesting.pick(jdbc, key);
        jdbc.sql("update scheduled_tasks set picked = false, version = version + 1")
                .update();

        assertThatThrownBy(() -> sweeps.claim(key, stale)).isInstanceOf(SupersededException.class);
    }

    /** A worker was frozen between its claim and its first step; no other worker has claimed the sweep yet. */
    @Test
    void start_ofARunWhoseExecutionWasRevived_isRefused() {
        SweepAttempt attempt = claim();
        jdbc.sql("update scheduled_tasks set picked = false, version = version + 1")
                .update();

        assertThatThrownBy(() -> attempt.recordRunStart(inspection(/* usedMemory= */ 1)))
                .isInstanceOf(SupersededException.class);
        assertThat(sweep().runs()).isZero();
    }

    @Test
    void claim_ofASweep_recordsAHeartbeatOfItsExecution() {
        Execution execution = SweepTesting.pick(jdbc, key);

        sweeps.claim(key, execution);

        assertThat(jdbc.sql("select count(*) from scheduled_tasks where last_heartbeat is not null")
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void finish_ofASweep_storesItsCountsAndMemory_andRemovesItsHold() {
        SweepAttempt attempt = claim();

        // The memory before the sweep comes from the first of these two inspections.
        attempt.recordRunStart(inspection(/* usedMemory= */ 5_000));
        attempt.recordRunStart(inspection(/* usedMemory= */ 4_000));
        attempt.recordHold("server unreachable");

        assertThat(sweep().hold()).isEqualTo("server unreachable");

        // The end removes the hold, and stores the values of the report.
        attempt.finish(SweepTesting.report(NODE, /* reclaimed= */ 123), /* failure= */ null);
        SweepRecord finished = sweep();
        assertThat(finished.finished()).isTrue();
        assertThat(finished.reclaimed()).isEqualTo(123);
        assertThat(finished.fraction()).isEqualTo(1);
        assertThat(finished.hold()).isNull();
        assertThat(finished.usedMemoryBefore()).isEqualTo(5_000);

        // SweepTesting has made up these values of the report.
        assertThat(finished.usedMemoryAfter()).isEqualTo(900);
        assertThat(finished.longestStall()).isEqualTo(Duration.ofMillis(3));
        assertThat(finished.covered()).isEqualTo(SlotSet.ALL);
        assertThat(finished.orphans()).isEqualTo(3);
        assertThat(finished.method()).isEqualTo("script: because");
    }

    @Test
    void abandon_runningSweep_endsItAndRefusesLaterWrites() {
        SweepAttempt attempt = claim();

        sweeps.abandon(key.scanId(), "Cancelled by ann");

        assertThatThrownBy(() -> attempt.finish(SweepTesting.report(NODE, /* reclaimed= */ 9), /* failure= */ null))
                .isInstanceOf(SupersededException.class);

        SweepRecord abandoned = sweep();
        assertThat(abandoned.finished()).isTrue();
        assertThat(abandoned.failure()).isEqualTo("Cancelled by ann");
        assertThat(abandoned.reclaimed()).isZero();
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

    /** Returns the event by which a sweep reports a checkpoint. */
    private static SweepEvent.Checkpointed reported(Checkpoint checkpoint) {
        return new SweepEvent.Checkpointed(checkpoint, List.of());
    }

    /** Claims the sweep as a worker that has just picked its execution. */
    private SweepAttempt claim() {
        return SweepTesting.claim(jdbc, sweeps, key);
    }

    /** Returns the sweep as it is stored. */
    private SweepRecord sweep() {
        return sweeps.ofScans(List.of(key.scanId())).getFirst();
    }

    /** Returns a checkpoint each of whose counts is the given number. */
    private static Checkpoint checkpoint(long counts, List<DatabasePosition> positions) {
        return new Checkpoint(
                NODE,
                IDENTITY,
                /* visited= */ counts,
                /* reclaimed= */ counts,
                /* exact= */ true,
                /* alone= */ true,
                UNCOUNTED,
                /* expiredKeys= */ counts,
                DELETIONS,
                SLOTS,
                /* epoch= */ 7L,
                /* fraction= */ 0,
                positions);
    }

    /** Returns the result of the first inspection of a server, of which only the memory matters here. */
    private static PrimarySummary inspection(long usedMemory) {
        return new PrimarySummary(
                NODE,
                new ServerProfile(
                        ServerProfile.Flavour.REDIS,
                        "7.0.15",
                        "run",
                        /* clusterEnabled= */ false,
                        /* lazyFree= */ false,
                        "script",
                        "because"),
                /* keys= */ new TreeMap<>(),
                /* expires= */ new TreeMap<>(),
                usedMemory,
                /* maxMemory= */ 0,
                /* evictedKeys= */ 0,
                /* replicas= */ 0,
                /* skippedDatabases= */ new TreeSet<>());
    }

    /** Returns the position after the first segment of a database. */
    private static DatabasePosition firstPosition(int db) {
        return new DatabasePosition(db, new Prefixes(2), /* seed= */ 1, /* segmentsDone= */ 1, /* cursor= */ null);
    }
}
