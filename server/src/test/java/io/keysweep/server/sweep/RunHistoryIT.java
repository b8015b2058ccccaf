package io.keysweep.server.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.reclaim.ServerProfile;
import io.keysweep.engine.sweep.MemoryReport;
import io.keysweep.engine.sweep.PrimarySummary;
import io.keysweep.engine.sweep.ReclaimedBytes.ReclaimedBytesMethod;
import io.keysweep.engine.topology.SlotSet;
import io.keysweep.server.TestDatabase;
import io.keysweep.testkit.ManualClock;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Tests {@link RunHistory} on H2 and PostgreSQL.
 *
 * <p>A sweep covers one primary. After an interruption or a wait it continues in another run.
 */
class RunHistoryIT {

    private static final SweepKey KEY = new SweepKey(UUID.randomUUID(), /* round= */ 1, "127.0.0.1:6379");
    private static final long MIB = 1L << 20;

    @TempDir
    private Path folder;

    private final ManualClock clock = new ManualClock();

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void runs_areSummedUp_andInterruptedOnesAreListed(String dialect) {
        DataSource dataSource = TestDatabase.create(dialect, folder);
        JdbcClient jdbc = JdbcClient.create(dataSource);
        SweepStore sweeps = storeWithSweep(dataSource, jdbc);

        // The first run is lost with its worker.
        SweepAttempt first = SweepTesting.claim(jdbc, sweeps, KEY);
        first.recordRunStart(inspection(/* keys= */ 300, /* expires= */ 200));
        SweepAttempt second = SweepTesting.claim(jdbc, sweeps, KEY);

        // Once the second attempt exists, the first attempt can no longer store anything, whatever the values are.
        PrimarySummary lateStart = inspection(/* keys= */ 1, /* expires= */ 1);
        MemoryReport lateEnd =
                run(/* mibBefore= */ 1, /* mibAfter= */ 1, /* keysBefore= */ 1, /* keysAfter= */ 1, /* reclaimed= */ 1);
        assertThatThrownBy(() -> first.recordRunStart(lateStart)).isInstanceOf(SupersededException.class);
        assertThatThrownBy(() -> first.recordRunEnd(lateEnd)).isInstanceOf(SupersededException.class);
        assertThatThrownBy(() -> first.recordInterruption(/* report= */ null, "late"))
                .isInstanceOf(SupersededException.class);

        // Each of the next runs begins with the memory and keys that the previous run has left. The second run ends
        // because the sweep must wait.
        second.recordRunStart(inspection(/* keys= */ 250, /* expires= */ 150));
        second.recordRunEnd(run(
                /* mibBefore= */ 20,
                /* mibAfter= */ 17,
                /* keysBefore= */ 250,
                /* keysAfter= */ 200,
                /* reclaimed= */ 50));

        // The third run ends because the service stops.
        SweepAttempt third = SweepTesting.claim(jdbc, sweeps, KEY);
        third.recordRunStart(inspection(/* keys= */ 200, /* expires= */ 100));
        third.recordInterruption(
                run(
                        /* mibBefore= */ 17,
                        /* mibAfter= */ 15,
                        /* keysBefore= */ 200,
                        /* keysAfter= */ 160,
                        /* reclaimed= */ 40),
                "the service was stopped");

        // The fourth run finishes the sweep.
        SweepAttempt fourth = SweepTesting.claim(jdbc, sweeps, KEY);
        fourth.recordRunStart(inspection(/* keys= */ 160, /* expires= */ 60));
        fourth.recordRunEnd(run(
                /* mibBefore= */ 15,
                /* mibAfter= */ 12,
                /* keysBefore= */ 160,
                /* keysAfter= */ 100,
                /* reclaimed= */ 60));

        // The memory is summed up over the second to fourth run. The memory of the first run is unknown, because it has
        // no report; its inspection still gives the keys at the start.
        SweepRecord sweep = sweeps.ofScans(List.of(KEY.scanId())).getFirst();
        assertThat(sweep.runs()).isEqualTo(4);

        SweepMemory memory = sweep.memory();
        assertThat(memory.reclaimedBytes()).isEqualTo(8 * MIB);
        assertThat(memory.method()).isEqualTo(ReclaimedBytesMethod.MEASURED);
        assertThat(memory.explanation(sweep.runs())).contains("known for 3 of 4 runs only");
        assertThat(memory.explanation(3)).doesNotContain("runs");
        assertThat(List.of(memory.keysBefore(), memory.keysAfter())).containsExactly(300L, 100L);
        assertThat(List.of(memory.rssBefore(), memory.rssAfter())).containsExactly(20 * MIB, 12 * MIB);
        assertThat(memory.inflow()).isZero();

        // The first and the third run were interrupted.
        assertThat(new RunHistory(jdbc).interruptions(List.of(KEY.scanId())).get(KEY.scanId()))
                .extracting(broken -> broken.run() + " " + broken.worker() + ": " + broken.reason())
                .containsExactly(
                        "1 w1: the worker was lost without notice, or had stood still for too long",
                        "3 w1: the service was stopped");

        // Several sweeps may have swept the same primary, so only the estimates of sweeps are added, not the keys.
        SweepMemory sum = SweepMemory.estimates(List.of(memory, memory, SweepMemory.NONE));
        assertThat(sum.reclaimedBytes()).isEqualTo(16 * MIB);
        assertThat(sum.keysBefore()).isNull();
    }

    /** Returns a store in which the sweep waits. */
    private SweepStore storeWithSweep(DataSource dataSource, JdbcClient jdbc) {
        SweepTesting.insertScan(jdbc, KEY.scanId());
        SweepStore sweeps = SweepTesting.store(dataSource, clock);
        sweeps.insert(SweepRecord.waiting(KEY.scanId(), /* round= */ 1, KEY.nodeId(), SlotSet.ALL));
        return sweeps;
    }

    /** Returns what the inspection at the start of a run found: keys, and how many of them have a TTL. */
    private static PrimarySummary inspection(long keys, long expires) {
        return new PrimarySummary(
                KEY.nodeId(),
                new ServerProfile(
                        ServerProfile.Flavour.REDIS,
                        "7.0.15",
                        "run",
                        /* clusterEnabled= */ false,
                        /* lazyFree= */ false,
                        "script",
                        "because"),
                new TreeMap<>(Map.of(0, keys)),
                new TreeMap<>(Map.of(0, expires)),
                /* usedMemory= */ 1,
                /* maxMemory= */ 0,
                /* evictedKeys= */ 0,
                /* replicas= */ 0,
                /* skippedDatabases= */ new TreeSet<>());
    }

    /** Returns the report of a run, during which only the sweep expired keys; memory is in MiB. */
    private static MemoryReport run(long mibBefore, long mibAfter, long keysBefore, long keysAfter, long reclaimed) {
        return MemoryReport.of(
                info(mibBefore, keysBefore, /* expired= */ 0),
                info(mibAfter, keysAfter, reclaimed),
                reclaimed,
                /* purge= */ null);
    }

    /** Returns the answer to INFO of a server on which every key has a TTL. */
    private static ServerInfo info(long mib, long keys, long expired) {
        return ServerInfo.parse("run_id:r\r\nused_memory:" + mib * MIB + "\r\nused_memory_rss:" + mib * MIB
                + "\r\nexpired_keys:" + expired + "\r\nevicted_keys:0\r\ndb0:keys=" + keys + ",expires=" + keys
                + ",avg_ttl=0\r\n");
    }
}
