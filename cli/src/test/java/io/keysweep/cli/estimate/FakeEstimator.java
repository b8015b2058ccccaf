package io.keysweep.cli.estimate;

import io.keysweep.engine.advice.Advice;
import io.keysweep.engine.estimate.BacklogEstimator;
import io.keysweep.engine.estimate.DeploymentEstimate;
import io.keysweep.engine.estimate.Estimate;
import io.keysweep.engine.estimate.EstimateRequest;
import io.keysweep.engine.estimate.SweepCost;
import io.keysweep.engine.insight.ExpiryForecast;
import io.keysweep.engine.insight.ExpiryRate;
import io.keysweep.engine.insight.Insight;
import io.keysweep.engine.insight.KeyCount;
import io.keysweep.engine.insight.KeyPicture;
import io.keysweep.engine.insight.KeyPicture.SizeBin;
import io.keysweep.engine.insight.KeyPicture.TtlBin;
import io.keysweep.engine.insight.KeyPicture.TypeBin;
import io.keysweep.engine.insight.PrefixCount;
import io.keysweep.engine.insight.RemainingTtl;
import io.keysweep.engine.reclaim.ServerProfile.Flavour;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Returns the same estimate for each primary, and records what it was asked for. */
final class FakeEstimator implements BacklogEstimator {

    boolean closed;
    int primaries = 1;
    long expirableHashes;

    @Nullable Insight insight;

    List<RuntimeException> failures = List.of();
    private @Nullable EstimateRequest request;

    EstimateRequest request() {
        return Objects.requireNonNull(request);
    }

    @Override
    public DeploymentEstimate estimateEach(EstimateRequest request) {
        this.request = request;
        Estimate estimate = new Estimate(
                "h:6379",
                "r:6380",
                Estimate.Method.REPLICA_SAMPLE,
                Flavour.REDIS,
                "7.0.15",
                /* keys= */ 10_000_000,
                /* volatileKeys= */ 500_000,
                /* dead= */ 400_000,
                /* lowest= */ 390_000,
                /* highest= */ 410_000,
                /* exact= */ false,
                /* sampledKeys= */ 50_000,
                /* calls= */ 100,
                /* reclaimed= */ 0,
                expirableHashes,
                /* deadBytes= */ 1L << 20,
                SweepCost.of(10_000_000, Flavour.REDIS, "7.0.15"),
                insight,
                insight == null ? null : advice());
        return new DeploymentEstimate(Collections.nCopies(primaries, estimate), failures);
    }

    @Override
    public void close() {
        closed = true;
    }

    /** Returns an insight with one of each part. */
    static Insight insight() {
        KeyCount many = new KeyCount(1_900_000, 1_800_000, 2_000_000);
        Instant twoOClock = Instant.parse("2026-03-01T02:00:00Z");
        return new Insight(
                new KeyPicture(
                        List.of(
                                new TtlBin(RemainingTtl.DEAD, new KeyCount(400, 300, 500)),
                                new TtlBin(RemainingTtl.UNDER_1_H, many)),
                        /* living= */ many,
                        /* livingVolatile= */ many,
                        List.of(new SizeBin(64L, exactly(10)), new SizeBin(/* below= */ null, exactly(20))),
                        List.of(new TypeBin("hash", exactly(30))),
                        /* meanBytes= */ 100L,
                        /* meanVolatileBytes= */ 200L,
                        /* readKeys= */ 5_000,
                        /* measuredKeys= */ 600,
                        /* unreadKeys= */ 0,
                        /* namesLeft= */ false,
                        List.of("Something is missing.")),
                new ExpiryForecast(
                        List.of(new ExpiryForecast.Step(
                                twoOClock,
                                twoOClock.plusSeconds(600),
                                many,
                                /* removed= */ 200_000,
                                /* backlog= */ 1_700_000,
                                /* backlogBytes= */ 340_000_000L,
                                /* cliff= */ true)),
                        /* dying= */ many,
                        /* living= */ many,
                        new ExpiryRate(/* perSecond= */ 12, /* seconds= */ 30),
                        /* modelPerSecond= */ 3,
                        /* readShare= */ 0,
                        /* settingsKnown= */ true,
                        twoOClock.plusSeconds(600)),
                List.of(
                        new PrefixCount("evil\u001b:", many, exactly(7), exactly(8), exactly(0)),
                        new PrefixCount("", exactly(0), exactly(0), exactly(0), exactly(9)),
                        new PrefixCount(/* prefix= */ null, exactly(2), exactly(1), exactly(1), exactly(1))),
                /* deadMissing= */ null,
                /* missing= */ null);
    }

    /** Returns the same insight of a server that does not publish the names of dead keys. */
    static Insight insightWithoutDeadNames() {
        Insight insight = insight();
        return new Insight(
                insight.picture(),
                insight.forecast(),
                List.of(new PrefixCount("user:", /* dead= */ null, exactly(7), exactly(8), exactly(0))),
                "Dead keys have no names here.",
                /* missing= */ null);
    }

    /** Returns advice with four options, of which two are not enough. */
    private static Advice advice() {
        return new Advice(
                Advice.AdvisedAction.FULL_SWEEP,
                "Sweep once: the backlog does not come back within a week.",
                "The figures of the ways rest on a measurement.",
                /* toleratedBacklog= */ 20_000,
                /* inflowPerSecond= */ 5.0,
                /* settingsRefused= */ false,
                /* expiryOff= */ false,
                List.of(
                        new Advice.Option(
                                Advice.AdvisedAction.NOTHING,
                                /* expectedBacklog= */ 30_000L,
                                /* serverSecondsPerDay= */ 0,
                                /* longestPauseMillis= */ 25.0,
                                /* setting= */ null,
                                /* interval= */ null,
                                /* enough= */ false),
                        new Advice.Option(
                                Advice.AdvisedAction.SETTING,
                                /* expectedBacklog= */ 900L,
                                /* serverSecondsPerDay= */ 12,
                                /* longestPauseMillis= */ 4.3,
                                "active-expire-effort 4",
                                /* interval= */ null,
                                /* enough= */ true),
                        new Advice.Option(
                                Advice.AdvisedAction.PASSES,
                                /* expectedBacklog= */ 10L,
                                /* serverSecondsPerDay= */ 0.5,
                                /* longestPauseMillis= */ 0.5,
                                /* setting= */ null,
                                Duration.ofHours(6),
                                /* enough= */ true),
                        new Advice.Option(
                                Advice.AdvisedAction.FULL_SWEEP,
                                /* expectedBacklog= */ null,
                                /* serverSecondsPerDay= */ 2,
                                /* longestPauseMillis= */ null,
                                /* setting= */ null,
                                /* interval= */ null,
                                /* enough= */ false)));
    }

    private static KeyCount exactly(long keys) {
        return new KeyCount(keys, keys, keys);
    }
}
