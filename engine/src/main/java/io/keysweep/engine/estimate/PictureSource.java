package io.keysweep.engine.estimate;

import io.keysweep.engine.advice.Advice;
import io.keysweep.engine.advice.ExpirySituation;
import io.keysweep.engine.insight.ExpiryCycle;
import io.keysweep.engine.insight.ExpiryForecast;
import io.keysweep.engine.insight.ExpiryRate;
import io.keysweep.engine.insight.Insight;
import io.keysweep.engine.insight.KeyCount;
import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.reclaim.ServerProfile.Flavour;
import io.keysweep.engine.reclaim.ServerVersion;
import io.keysweep.engine.sweep.Keyspace;
import io.keysweep.engine.sweep.ServerIdentity;
import io.keysweep.engine.sweep.ServerSettings;
import io.keysweep.engine.sweep.Timing;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Makes the insight of one estimate: starts the reading of keys, and measures how fast the primary expires keys.
 *
 * <p>Used once, by one thread.
 */
final class PictureSource {

    /** The counter of expired keys in INFO. */
    private static final String EXPIRED = "expired_keys";

    /** The shortest time over which a rate is taken seriously, s. */
    private static final double LEAST_SECONDS = 2;

    private final ReadingPlan plan;
    private final EstimateSource requestedServer;
    private final EstimateSource source;
    private final Timing timing;
    private final long began;

    /**
     * Makes the scans of {@code source} read keys.
     *
     * @param requestedServer the primary whose expiry counts; or a replica, which says nothing about its primary
     * @param source the server that is scanned
     */
    PictureSource(ReadingPlan plan, EstimateSource requestedServer, EstimateSource source, Timing timing) {
        this.plan = plan;
        this.requestedServer = requestedServer;
        this.source = source;
        this.timing = timing;
        this.began = timing.nanoTime().getAsLong();
        source.readKeys(plan);
    }

    /**
     * Returns the insight, after the scans.
     *
     * @param backlog the result of the scans
     * @param dead the dead keys as the estimate reports them
     * @param keyspace the numbers of keys at the beginning
     */
    Insight insight(Backlog backlog, KeyCount dead, Keyspace keyspace) {
        ServerSettings settings = requestedServer.expirySettings();
        return new PictureBuilder(
                        backlog.cells(), dead, keyspace.totalKeys(), keyspace.totalExpires(), plan, source.reader())
                .build(
                        expiry(settings),
                        hz(settings).isPresent() && !requestedServer.replica(),
                        rate(backlog.reclaimed()),
                        timing.clock().instant());
    }

    /**
     * Returns the advice for the primary.
     *
     * @param estimate the estimate with its insight
     */
    Advice advice(Estimate estimate) {
        Insight insight = estimate.insight();
        ExpiryForecast forecast = insight == null ? null : insight.forecast();
        return Advice.of(new ExpirySituation(
                estimate.keys(),
                estimate.volatileKeys(),
                estimate.dead(),
                forecast == null ? null : Double.valueOf(forecast.unreadPerSecond()),
                expiry(requestedServer.expirySettings()),
                !withoutEffort(),
                estimate.cost().microsPerKey()));
    }

    private boolean withoutEffort() {
        ServerIdentity identity = requestedServer.identity();
        return identity.flavour() == Flavour.REDIS
                && !ServerVersion.parse(identity.version()).isAtLeast(6, 0);
    }

    private ExpiryCycle expiry(ServerSettings settings) {
        int hz = hz(settings).orElse(ExpiryCycle.DEFAULT_HZ);
        OptionalInt effort = number(settings.value(ServerSettings.EFFORT));
        return withoutEffort() ? ExpiryCycle.withoutEffort(hz) : ExpiryCycle.withEffort(hz, effort.orElse(1));
    }

    private OptionalInt hz(ServerSettings settings) {
        OptionalLong reported = requestedServer.info().number("hz");
        return reported.isPresent()
                ? OptionalInt.of(Math.clamp(reported.getAsLong(), 1, 500))
                : number(settings.value(ServerSettings.HZ));
    }

    private static OptionalInt number(String value) {
        return value.matches("\\d{1,6}") ? OptionalInt.of(Integer.parseInt(value)) : OptionalInt.empty();
    }

    /** Returns how fast the primary has removed expired keys since the beginning; null if that is not known. */
    private @Nullable ExpiryRate rate(long reclaimedBySample) {
        double seconds = timing.since(began).toNanos() / 1e9;
        if (requestedServer.replica() || seconds < LEAST_SECONDS) {
            return null;
        }
        ServerInfo now = requestedServer.infoNow();
        OptionalLong before = requestedServer.info().number(EXPIRED);
        OptionalLong after = now.number(EXPIRED);
        if (before.isEmpty() || after.isEmpty()) {
            return null;
        }
        long bySample = source.replica() ? 0 : reclaimedBySample;
        double removed = Math.max(0, after.getAsLong() - before.getAsLong() - bySample);
        return new ExpiryRate(removed / seconds, seconds);
    }
}
