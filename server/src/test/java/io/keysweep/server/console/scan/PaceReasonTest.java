package io.keysweep.server.console.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.api.MemoryView;
import io.keysweep.api.PaceView;
import io.keysweep.api.ScanView;
import io.keysweep.server.sweep.SampleHistory.Sample;
import io.keysweep.server.sweep.SweepKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Tests which reason the page of a scan shows for its current speed.
 *
 * <p>The reason is a load that slows the scan down, its rate ceiling (its maximum of keys per second), or its share of
 * the server's time.
 */
final class PaceReasonTest {

    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

    @Test
    void of_aScanWithSlowedSweeps_namesTheLoadOfTheSlowestSweep() {
        PaceReason reason = PaceReason.of(
                        scan(/* hold= */ null, /* rateCeiling= */ null, /* tunedBy= */ null),
                        List.of(
                                sample(0.1, "callers wait 6.0 ms for the server, more than 5.0 ms"),
                                sample(0.004, "a replica is 9.0 MiB behind, more than 8.0 MiB"),
                                sample(0.25, /* slowedBy= */ null)),
                        /* keysPerSecond= */ 500L)
                .orElseThrow();

        assertThat(reason.key()).isEqualTo("pace.slowed");
        assertThat(reason.arguments())
                .containsExactly("0.4 %", "25 %", "a replica is 9.0 MiB behind, more than 8.0 MiB");
    }

    @Test
    void of_aScanAtItsRateCeiling_namesTheRate() {
        ScanView scan = scan(/* hold= */ null, /* rateCeiling= */ 1_000L, /* tunedBy= */ null);
        assertThat(PaceReason.of(scan, List.of(), /* keysPerSecond= */ 990L)).hasValueSatisfying(reason -> {
            assertThat(reason.key()).isEqualTo("pace.rate");
            assertThat(reason.arguments()).containsExactly("1,000");
        });
    }

    @Test
    void of_aScanBelowItsRateCeiling_orAtAnUnknownSpeed_namesShareAndRate() {
        ScanView scan = scan(/* hold= */ null, /* rateCeiling= */ 1_000L, /* tunedBy= */ null);
        for (Long speed : Arrays.asList(10L, null)) {
            assertThat(PaceReason.of(scan, List.of(), speed)).hasValueSatisfying(reason -> {
                assertThat(reason.key()).isEqualTo("pace.full.rate");
                assertThat(reason.arguments()).containsExactly("25 %", "0.5 ms", "1,000");
            });
        }
    }

    @Test
    void of_aScanWithoutARateCeiling_namesTheShare_andWhoHasChangedThePace() {
        ScanView unchanged = scan(/* hold= */ null, /* rateCeiling= */ null, /* tunedBy= */ null);
        assertThat(PaceReason.of(unchanged, List.of(), /* keysPerSecond= */ 10L)
                        .orElseThrow()
                        .key())
                .isEqualTo("pace.full");

        ScanView tuned = scan(/* hold= */ null, /* rateCeiling= */ null, /* tunedBy= */ "AK1");
        assertThat(PaceReason.of(tuned, List.of(), /* keysPerSecond= */ null)
                        .orElseThrow()
                        .arguments())
                .containsExactly("25 %", "0.5 ms", "AK1");
    }

    @Test
    void of_aScanThatWaits_isEmpty() {
        ScanView held = scan(/* hold= */ "paused by AK1", /* rateCeiling= */ null, /* tunedBy= */ null);
        assertThat(PaceReason.of(held, List.of(), /* keysPerSecond= */ null)).isEmpty();
    }

    /** Returns a sample of a sweep that may use a share of the server's time, with the cause that has slowed it. */
    private static Sample sample(double share, @Nullable String slowedBy) {
        return new Sample(
                new SweepKey(UUID.randomUUID(), /* round= */ 1, "n"),
                NOW,
                /* visited= */ 1,
                /* reclaimed= */ 1,
                share,
                /* stepMs= */ 0.1,
                /* busy= */ null,
                slowedBy,
                /* callersWait= */ null);
    }

    /** Returns a running scan with a share of 0.25. */
    private static ScanView scan(@Nullable String hold, @Nullable Long rateCeiling, @Nullable String tunedBy) {
        return new ScanView(
                "scan",
                "instance",
                /* status= */ "running",
                /* state= */ "running",
                /* ending= */ null,
                /* scanType= */ "manual",
                /* assist= */ "none",
                /* assistReclaimed= */ null,
                /* visited= */ 1,
                /* reclaimed= */ 0,
                /* exact= */ true,
                /* fraction= */ 0,
                hold,
                /* failure= */ null,
                /* method= */ null,
                /* longestStallMs= */ 0,
                /* usedMemoryBefore= */ null,
                /* usedMemoryAfter= */ null,
                /* createdAt= */ NOW,
                /* startedAt= */ NOW,
                /* finishedAt= */ null,
                /* version= */ 1,
                /* timeoutSeconds= */ 60,
                new PaceView(
                        /* profile= */ null,
                        /* stallBudgetMs= */ 0.5,
                        /* share= */ 0.25,
                        rateCeiling,
                        tunedBy,
                        /* tunedWhy= */ null),
                /* pause= */ null,
                /* remainingSeconds= */ null,
                // Nothing is known of the memory.
                new MemoryView(null, null, null, null, null, null, null, null, null, null, null, null, null),
                /* databases= */ List.of(),
                /* holds= */ List.of(),
                /* sweeps= */ List.of());
    }
}
