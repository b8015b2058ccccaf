package io.keysweep.server.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.topology.SlotSet;
import io.keysweep.server.sweep.SweepMemory;
import io.keysweep.server.sweep.SweepRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Tests that a scan is treated as held only if none of its sweeps runs.
 *
 * <p>A sweep, the part of a scan that covers one primary, is on hold while it makes no steps, for example in a pause or
 * while it waits for a permit.
 */
class ScanHoldTest {

    @Test
    void hold_ofOneSweepWhileAnotherRuns_isNoHoldOfTheScan() {
        assertThat(scan(sweep("a", /* runs= */ 1, "server unreachable"), sweep("b", /* runs= */ 1, /* hold= */ null))
                        .hold())
                .isNull();
    }

    @Test
    void hold_ofEverySweepThatHasBegun_isTheHoldOfTheScan() {
        assertThat(scan(sweep("a", /* runs= */ 1, "server unreachable"), sweep("b", /* runs= */ 0, /* hold= */ null))
                        .hold())
                .isEqualTo("server unreachable");
    }

    @Test
    void hold_ofAScanInWhichNoSweepHasBegun_isTheHoldOfAnySweep() {
        assertThat(scan(sweep("a", /* runs= */ 0, "waits for its budget"), sweep("b", /* runs= */ 0, /* hold= */ null))
                        .hold())
                .isEqualTo("waits for its budget");
        assertThat(scan(sweep("a", /* runs= */ 0, /* hold= */ null)).hold()).isNull();
    }

    @Test
    void remainingTime_ofAScanWithAHeldSweep_isUnknown() {
        Duration remaining = Duration.ofSeconds(90);
        assertThat(scan(sweep("a", /* runs= */ 1, /* hold= */ null, remaining)).remaining())
                .isEqualTo(remaining);
        assertThat(scan(sweep("a", /* runs= */ 1, "server unreachable", remaining))
                        .remaining())
                .isNull();
        assertThat(scan(
                                sweep("a", /* runs= */ 1, /* hold= */ null, remaining),
                                sweep("b", /* runs= */ 1, "server unreachable", remaining))
                        .remaining())
                .isNull();
    }

    /** Returns a running scan with these sweeps. */
    private static Scan scan(SweepRecord... sweeps) {
        return new Scan(
                UUID.randomUUID(),
                UUID.randomUUID(),
                ScanType.MANUAL,
                ScanState.RUNNING,
                /* timeout= */ Duration.ofHours(1),
                /* rateCeiling= */ null,
                /* failure= */ null,
                /* createdAt= */ Instant.EPOCH,
                /* startedAt= */ Instant.EPOCH,
                /* finishedAt= */ null,
                List.of(sweeps));
    }

    /** Returns a sweep that has not ended; with no runs, it has not begun. */
    private static SweepRecord sweep(String nodeId, int runs, @Nullable String hold) {
        return sweep(nodeId, runs, hold, /* remaining= */ null);
    }

    private static SweepRecord sweep(String nodeId, int runs, @Nullable String hold, @Nullable Duration remaining) {
        return new SweepRecord(
                UUID.randomUUID(),
                /* round= */ 1,
                nodeId,
                SlotSet.ALL,
                /* covered= */ null,
                /* orphans= */ 0,
                /* finished= */ false,
                /* failure= */ null,
                /* visited= */ 0,
                /* reclaimed= */ 0,
                /* exact= */ true,
                /* fraction= */ 0,
                /* longestStall= */ Duration.ZERO,
                hold,
                /* method= */ null,
                /* usedMemoryBefore= */ null,
                /* usedMemoryAfter= */ null,
                remaining,
                runs,
                /* primary= */ null,
                SweepMemory.estimates(List.of()));
    }
}
