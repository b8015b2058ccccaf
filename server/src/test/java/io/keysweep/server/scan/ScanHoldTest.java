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

/** Checks that a scan is held only if none of its sweeps makes steps, so that it is never held and running at once. */
class ScanHoldTest {

    @Test
    void hold_ofOneSweepWhileAnotherRuns_isNotThatOfTheScan() {
        assertThat(scan(sweep("a", 1, "server unreachable"), sweep("b", 1, null))
                        .hold())
                .isNull();
    }

    @Test
    void hold_ofEverySweepThatHasBegun_isTheHoldOfTheScan() {
        assertThat(scan(sweep("a", 1, "server unreachable"), sweep("b", 0, null))
                        .hold())
                .isEqualTo("server unreachable");
        assertThat(scan(sweep("a", 0, "waits for its budget"), sweep("b", 0, null))
                        .hold())
                .isEqualTo("waits for its budget");
        assertThat(scan(sweep("a", 0, null)).hold()).isNull();
    }

    @Test
    void remaining_ofAScanOfWhichASweepIsHeld_isUnknown() {
        Duration left = Duration.ofSeconds(90);
        assertThat(scan(sweep("a", 1, null, left)).remaining()).isEqualTo(left);
        assertThat(scan(sweep("a", 1, "server unreachable", left)).remaining()).isNull();
        assertThat(scan(sweep("a", 1, null, left), sweep("b", 1, "server unreachable", left))
                        .remaining())
                .isNull();
    }

    private static Scan scan(SweepRecord... sweeps) {
        return new Scan(
                UUID.randomUUID(),
                UUID.randomUUID(),
                ScanType.MANUAL,
                ScanState.RUNNING,
                Duration.ofHours(1),
                null,
                null,
                Instant.EPOCH,
                Instant.EPOCH,
                null,
                List.of(sweeps));
    }

    private static SweepRecord sweep(String nodeId, int runs, @Nullable String hold) {
        return sweep(nodeId, runs, hold, /* remaining= */ null);
    }

    private static SweepRecord sweep(String nodeId, int runs, @Nullable String hold, @Nullable Duration remaining) {
        return new SweepRecord(
                UUID.randomUUID(),
                1,
                nodeId,
                SlotSet.ALL,
                null,
                0,
                false,
                null,
                0,
                0,
                true,
                0,
                Duration.ZERO,
                hold,
                null,
                null,
                null,
                remaining,
                runs,
                null,
                SweepMemory.estimates(List.of()));
    }
}
