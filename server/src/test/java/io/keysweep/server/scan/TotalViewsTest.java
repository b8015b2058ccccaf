package io.keysweep.server.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.api.AssistView;
import io.keysweep.api.DatabaseView;
import io.keysweep.engine.sweep.PrimaryReading;
import io.keysweep.engine.topology.SlotSet;
import io.keysweep.server.sweep.SweepKey;
import io.keysweep.server.sweep.SweepMemory;
import io.keysweep.server.sweep.SweepRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Tests the totals of scans of clusters, which have several sweeps and rounds.
 *
 * <p>A sweep covers one primary, and a round is a set of sweeps that is planned together.
 */
class TotalViewsTest {

    private static final UUID SCAN = UUID.randomUUID();

    /** Stands for the coverage of a database by a sweep that covers none of it. */
    private static final String NOT_COVERED = "";

    // Round 1: node b covers its slots 100 to 199. Node a covers none of its slots 0 to 99, because they have moved to
    // node c. Round 2: node c covers all of these slots (C_COVERS_ALL) or only 0 to 49 (C_COVERS_HALF).
    private static final SweepRecord A_COVERS_NONE =
            sweep(/* round= */ 1, "a:1", SlotSet.range(0, 99), /* covered= */ SlotSet.NONE);
    private static final SweepRecord B_COVERS_ALL =
            sweep(/* round= */ 1, "b:1", SlotSet.range(100, 199), /* covered= */ SlotSet.range(100, 199));
    private static final SweepRecord C_COVERS_ALL =
            sweep(/* round= */ 2, "c:1", SlotSet.range(0, 99), /* covered= */ SlotSet.range(0, 99));
    private static final SweepRecord C_COVERS_HALF =
            sweep(/* round= */ 2, "c:1", SlotSet.range(0, 99), /* covered= */ SlotSet.range(0, 49));

    @Test
    void coverage_ifALaterRoundCoversTheMissingSlots_isKnown() {
        assertThat(coverage(Map.of(A_COVERS_NONE, NOT_COVERED, B_COVERS_ALL, "VISITED", C_COVERS_ALL, "VISITED")))
                .isEqualTo("VISITED");
        assertThat(coverage(Map.of(A_COVERS_NONE, NOT_COVERED, B_COVERS_ALL, "VISITED", C_COVERS_ALL, "NO_TTL")))
                .isEqualTo("NO_TTL");
    }

    @Test
    void coverage_ifNoRoundCoversSomeSlots_isUnknown() {
        assertThat(coverage(Map.of(A_COVERS_NONE, NOT_COVERED, B_COVERS_ALL, "VISITED")))
                .isNull();
        assertThat(coverage(Map.of(A_COVERS_NONE, NOT_COVERED, B_COVERS_ALL, "VISITED", C_COVERS_HALF, "VISITED")))
                .isNull();
        assertThat(coverage(Map.of(A_COVERS_NONE, NOT_COVERED, B_COVERS_ALL, "VISITED", C_COVERS_ALL, NOT_COVERED)))
                .isNull();
    }

    /**
     * The server counts 50 expired keys during the scan. The sweep has removed one of them, and assist has removed 40.
     * So 9 keys expired without the scan. (Assist raises server settings for a while, so that the server itself removes
     * more expired keys.)
     */
    @Test
    void expiredElsewhere_withAssist_leavesOutTheKeysOfAssist() {
        AssistView assist = new AssistView(
                "LITTLE_LEFT",
                /* reason= */ "",
                /* reclaimed= */ 40,
                "expired_keys",
                /* beganAt= */ null,
                /* endedAt= */ null,
                /* raisedMs= */ 0,
                /* serverMs= */ 0,
                /* volatileKeysBefore= */ null,
                /* volatileKeysAfter= */ null,
                /* estimatedLeft= */ null,
                /* settings= */ null);

        ClusterChange change =
                new ClusterChange(List.of(reading(/* expiredKeys= */ 100)), List.of(reading(/* expiredKeys= */ 150)));
        Scan scan = scan(List.of(A_COVERS_NONE));
        SweepKey sweep = A_COVERS_NONE.key();

        assertThat(A_COVERS_NONE.reclaimed()).isEqualTo(1);
        assertThat(TotalViews.totals(scan, change, Map.of(), Map.of(sweep, assist))
                        .memory()
                        .expiredElsewhere())
                .isEqualTo(9);
    }

    /**
     * The first of two runs was lost with its worker, so only the second run has a report. 40 keys are missing, but the
     * second run explains only 6: it reclaimed 1, and saw 5 keys expire elsewhere.
     */
    @Test
    void expiredElsewhere_ifReportsDoNotExplainAllMissingKeys_isUnknown() {
        assertThat(TotalViews.memory(sweepWith(/* runs= */ 2, memory(/* keysBefore= */ 100, /* keysAfter= */ 60)))
                        .expiredElsewhere())
                .isNull();
    }

    /** Six keys are missing: one was reclaimed, and five expired elsewhere. */
    @Test
    void expiredElsewhere_ifReportsExplainAllMissingKeys_isTheirCount() {
        assertThat(TotalViews.memory(sweepWith(/* runs= */ 2, memory(/* keysBefore= */ 100, /* keysAfter= */ 94)))
                        .expiredElsewhere())
                .isEqualTo(5);
    }

    /** Returns the memory of a sweep whose known runs have counted five keys that expired elsewhere. */
    private static SweepMemory memory(long keysBefore, long keysAfter) {
        return new SweepMemory(
                /* estimatedRuns= */ 1,
                /* reclaimedBytes= */ null,
                /* method= */ null,
                /* explanation= */ null,
                /* rssBefore= */ null,
                /* rssAfter= */ null,
                keysBefore,
                keysAfter,
                /* expiresBefore= */ null,
                /* expiresAfter= */ null,
                /* inflow= */ 0L,
                /* expiredElsewhere= */ 5L,
                /* evicted= */ 0L,
                /* processBefore= */ null,
                /* processAfter= */ null);
    }

    /** Returns the coverage of database 0, if each of these sweeps covers it in this way. */
    private static @Nullable String coverage(Map<SweepRecord, String> coverageBySweep) {
        Map<SweepKey, List<DatabaseView>> databases = new HashMap<>();
        coverageBySweep.forEach((sweep, coverage) -> databases.put(
                sweep.key(),
                List.of(new DatabaseView(
                        /* db= */ 0,
                        /* visited= */ 10,
                        /* reclaimed= */ 1,
                        /* keysBefore= */ null,
                        /* keysAfter= */ null,
                        /* expiresBefore= */ null,
                        /* expiresAfter= */ null,
                        coverage.equals(NOT_COVERED) ? null : coverage))));
        Scan scan = scan(Stream.of(A_COVERS_NONE, B_COVERS_ALL, C_COVERS_ALL, C_COVERS_HALF)
                .filter(coverageBySweep::containsKey)
                .toList());
        List<DatabaseView> totals =
                TotalViews.totals(scan, /* change= */ null, databases, Map.of()).databases();

        assertThat(totals).hasSize(1);
        return totals.getFirst().coverage();
    }

    /** Returns a running scan with these sweeps. */
    private static Scan scan(List<SweepRecord> sweeps) {
        return new Scan(
                SCAN,
                UUID.randomUUID(),
                ScanType.MANUAL,
                ScanState.RUNNING,
                /* timeout= */ Duration.ofHours(6),
                /* rateCeiling= */ null,
                /* failure= */ null,
                /* createdAt= */ Instant.EPOCH,
                /* startedAt= */ Instant.EPOCH,
                /* finishedAt= */ null,
                sweeps);
    }

    /** Returns what a primary reports if it has expired that many keys since its start. */
    private static PrimaryReading reading(long expiredKeys) {
        return new PrimaryReading(
                "a:1",
                "run of a:1",
                /* usedBytes= */ 0,
                /* rssBytes= */ 0,
                /* keys= */ new TreeMap<>(),
                /* expires= */ new TreeMap<>(),
                expiredKeys,
                /* evictedKeys= */ 0L);
    }

    /** Returns a sweep that has ended after one run and has reclaimed one key. Its memory is unknown. */
    private static SweepRecord sweep(int round, String node, SlotSet slots, SlotSet covered) {
        SweepMemory unknown = SweepRecord.waiting(SCAN, round, node, slots).memory();
        return sweep(round, node, slots, covered, /* runs= */ 1, unknown);
    }

    /** Returns the sweep of a single server that has ended after these runs, with this memory. */
    private static SweepRecord sweepWith(int runs, SweepMemory memory) {
        return sweep(/* round= */ 1, "a:1", SlotSet.ALL, /* covered= */ SlotSet.ALL, runs, memory);
    }

    private static SweepRecord sweep(
            int round, String node, SlotSet slots, SlotSet covered, int runs, SweepMemory memory) {
        return new SweepRecord(
                SCAN,
                round,
                node,
                slots,
                covered,
                /* orphans= */ 0,
                /* finished= */ true,
                /* failure= */ null,
                /* visited= */ 10,
                /* reclaimed= */ 1,
                /* exact= */ true,
                /* fraction= */ 1,
                /* longestStall= */ Duration.ZERO,
                /* hold= */ null,
                /* method= */ null,
                /* usedMemoryBefore= */ null,
                /* usedMemoryAfter= */ null,
                /* remaining= */ null,
                runs,
                /* primary= */ node,
                memory);
    }
}
