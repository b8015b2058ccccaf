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
        Instant two = Instant.parse("2026-03-01T02:00:00Z");
        return new Insight(
                new KeyPicture(
                        List.of(
                                new TtlBin(RemainingTtl.DEAD, new KeyCount(400, 300, 500)),
                                new TtlBin(RemainingTtl.UNDER_1_H, many)),
                        many,
                        many,
                        List.of(new SizeBin(64L, exactly(10)), new SizeBin(null, exactly(20))),
                        List.of(new TypeBin("hash", exactly(30))),
                        100L,
                        200L,
                        5_000,
                        600,
                        /* unreadKeys= */ 0,
                        /* namesLeft= */ false,
                        List.of("Something is missing.")),
                new ExpiryForecast(
                        List.of(new ExpiryForecast.Step(
                                two, two.plusSeconds(600), many, 200_000, 1_700_000, 340_000_000L, /* cliff= */ true)),
                        many,
                        many,
                        new ExpiryRate(/* perSecond= */ 12, /* seconds= */ 30),
                        /* modelPerSecond= */ 3,
                        /* readShare= */ 0,
                        /* settingsKnown= */ true,
                        two.plusSeconds(600)),
                List.of(
                        new PrefixCount("evil\u001b:", exactly(7), exactly(8), exactly(0)),
                        new PrefixCount("", exactly(0), exactly(0), exactly(9)),
                        new PrefixCount(null, exactly(1), exactly(1), exactly(1))),
                /* missing= */ null);
    }

    /** Returns an advice with four options, of which two are not enough. */
    private static Advice advice() {
        return new Advice(
                Advice.Action.FULL_SWEEP,
                "Sweep once: the backlog does not come back within a week.",
                20_000,
                /* inflowKnown= */ true,
                /* expiryOff= */ false,
                List.of(
                        new Advice.Option(Advice.Action.NOTHING, 30_000L, 0, null, null, /* enough= */ false),
                        new Advice.Option(
                                Advice.Action.SETTING, 900L, 12, "active-expire-effort 4", null, /* enough= */ true),
                        new Advice.Option(
                                Advice.Action.PASSES, 10L, 0.5, null, Duration.ofHours(6), /* enough= */ true),
                        new Advice.Option(Advice.Action.FULL_SWEEP, null, 2, null, null, /* enough= */ false)));
    }

    private static KeyCount exactly(long keys) {
        return new KeyCount(keys, keys, keys);
    }
}
