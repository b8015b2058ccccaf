package io.keysweep.server.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.kagkarlsson.scheduler.task.Execution;
import io.keysweep.engine.reclaim.ServerProfile;
import io.keysweep.engine.sweep.PrimarySummary;
import io.keysweep.engine.topology.SlotSet;
import io.keysweep.testkit.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
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

    /** The greatest length of a stored reason or failure. */
    private static final int MAX_REASON_LENGTH = 1_000;

    private final SweepKey key = new SweepKey(UUID.randomUUID(), /* round= */ 1, Checkpoints.NODE);
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
        sweeps.insert(SweepRecord.waiting(key.scanId(), /* round= */ 1, Checkpoints.NODE, SlotSet.ALL));
    }

    @Test
    void writes_ofASupersededAttempt_throwAndChangeNothing() {
        SweepAttempt superseded = claim();
        SweepAttempt owner = claim();
        owner.storeCheckpoint(
                Checkpoints.reported(Checkpoints.of(/* counts= */ 5, List.of())),
                /* progress= */ null,
                /* isFirst= */ true,
                List.of());
        SweepRecord before = sweep();

        // Each of these methods writes about the sweep.
        Stream.<ThrowingCallable>of(
                        () -> superseded.recordRunStart(inspection(/* usedMemory= */ 1)),
                        () -> superseded.recordHold("late"),
                        () -> superseded.storeCheckpoint(
                                Checkpoints.reported(Checkpoints.of(/* counts= */ 99, List.of())),
                                /* progress= */ null,
                                /* isFirst= */ true,
                                List.of()),
                        () -> superseded.recordRunEnd(
                                SweepTesting.report(Checkpoints.NODE, 99).memory()),
                        () -> superseded.recordInterruption(
                                SweepTesting.report(Checkpoints.NODE, 99).memory(), "late"),
                        () -> superseded.finish(SweepTesting.report(Checkpoints.NODE, 99), /* failure= */ null),
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
        attempt.finish(SweepTesting.report(Checkpoints.NODE, /* reclaimed= */ 9), /* failure= */ null);

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
        attempt.finish(SweepTesting.report(Checkpoints.NODE, /* reclaimed= */ 123), /* failure= */ null);
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

        assertThatThrownBy(() ->
                        attempt.finish(SweepTesting.report(Checkpoints.NODE, /* reclaimed= */ 9), /* failure= */ null))
                .isInstanceOf(SupersededException.class);

        SweepRecord abandoned = sweep();
        assertThat(abandoned.finished()).isTrue();
        assertThat(abandoned.failure()).isEqualTo("Cancelled by ann");
        assertThat(abandoned.reclaimed()).isZero();
    }

    /** Claims the sweep as a worker that has just picked its execution. */
    private SweepAttempt claim() {
        return SweepTesting.claim(jdbc, sweeps, key);
    }

    /** Returns the sweep as it is stored. */
    private SweepRecord sweep() {
        return sweeps.ofScans(List.of(key.scanId())).getFirst();
    }

    /** Returns the result of the first inspection of a server, of which only the memory matters here. */
    private static PrimarySummary inspection(long usedMemory) {
        return new PrimarySummary(
                Checkpoints.NODE,
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
}
