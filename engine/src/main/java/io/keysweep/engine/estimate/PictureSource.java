package io.keysweep.engine.estimate;

import io.keysweep.engine.advice.Advice;
import io.keysweep.engine.advice.ExpirySituation;
import io.keysweep.engine.insight.ExpiryForecast;
import io.keysweep.engine.insight.ExpiryRate;
import io.keysweep.engine.insight.Insight;
import io.keysweep.engine.insight.KeyCount;
import io.keysweep.engine.insight.KeyPicture;
import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.sweep.Keyspace;
import io.keysweep.engine.sweep.ServerSettings;
import io.keysweep.engine.sweep.Timing;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Makes the insight (kinds of keys, and when they die) and the advice (what to do about dead keys) of an estimate of
 * one server.
 *
 * <p>The constructor makes the scans read keys, and starts to measure the rate at which the primary expires keys. After
 * the scans, {@link #insight} and {@link #advice} return the results. Used once, by one thread.
 */
final class PictureSource {

    /** The counter of expired keys in INFO. */
    private static final String EXPIRED = "expired_keys";

    /** The INFO field with the time in ms that the server's own expiry has taken since the server was started. */
    private static final String CYCLE_TIME = "expire_cycle_cpu_milliseconds";

    /**
     * If at least this part of the keys with a TTL is dead, each cycle of the server's own expiry is certain to remove
     * some. It checks keys at random, and continues as long as a tenth of them is dead.
     */
    private static final double DEAD_PART_THAT_CYCLES_FIND = 0.25;

    /** Fewer dead keys than this prove nothing, because all of them may have expired since the last cycle. */
    private static final long MIN_DEAD_KEYS = 1_000;

    /** The shortest time in seconds over which the rate of expired keys is measured; a shorter one shows too little. */
    private static final double MIN_SECONDS = 2;

    private final ReadingPlan plan;
    private final EstimateSource requestedServer;
    private final EstimateSource source;
    private final Timing timing;

    /** Counts the names of dead keys that are removed during the scans; null if no prefixes were requested. */
    private final @Nullable ExpiredNames names;

    /** The settings of the requested server's own expiry. */
    private final ServerSettings settings;

    /** The counter of expired keys of the requested server at {@link #beganNanos}; empty for a replica. */
    private final OptionalLong expiredBefore;

    /** When the scans began, as a value of {@link Timing#nanoTime}. */
    private final long beganNanos;

    /**
     * The rate at which the primary has removed expired keys by itself during the scans; null before, or if unknown.
     */
    private @Nullable ExpiryRate rate;

    /**
     * Makes the scans of {@code source} read keys, and reads the settings and the counter of expired keys of {@code
     * requestedServer}. They are read now, and not when the connection was opened, since the search for a replica may
     * have taken long in between.
     *
     * @param plan the properties to read of each key
     * @param requestedServer the server of the request. If it is a primary, its own expiry is measured. If it is a
     *     replica, the expiry of its primary is unknown
     * @param source the server that is scanned: the requested server, or a replica of it
     * @param names counts the names of dead keys that are removed during the scans; null if no prefixes were requested
     */
    PictureSource(
            ReadingPlan plan,
            EstimateSource requestedServer,
            EstimateSource source,
            Timing timing,
            @Nullable ExpiredNames names) {
        this.plan = plan;
        this.names = names;
        this.requestedServer = requestedServer;
        this.source = source;
        this.timing = timing;
        this.settings = requestedServer.expirySettings();
        this.expiredBefore = requestedServer.isReplica()
                ? OptionalLong.empty()
                : requestedServer.infoNow().number(EXPIRED);
        this.beganNanos = timing.nanoTime().getAsLong();
        source.readKeys(plan, names);
    }

    /**
     * Returns the insight. Call it after the scans.
     *
     * @param backlog the result of the scans
     * @param dead the number of dead keys, as the estimate reports it
     * @param keyspace the numbers of keys before the scans
     */
    Insight insight(Backlog backlog, KeyCount dead, Keyspace keyspace) {
        rate = measureRate(backlog.reclaimed());
        String deadMissing = names == null ? null : names.missing(backlog.reclaimed(), dead);
        DeadPrefixes deadPrefixes = names == null || deadMissing != null
                ? null
                : new DeadPrefixes(backlog.cells(), dead, names.removedByOthers(), names.scansPrimary());
        return new PictureBuilder(
                        backlog.cells(),
                        dead,
                        keyspace.totalKeys(),
                        keyspace.totalExpires(),
                        plan,
                        source.reader(),
                        deadPrefixes,
                        deadMissing)
                .build(
                        expiry().cycle(),
                        expiry().hzKnown() && !requestedServer.isReplica(),
                        rate,
                        timing.clock().instant());
    }

    /**
     * Returns the advice for the primary. Call it after {@link #insight}.
     *
     * @param estimate the estimate with its insight
     */
    Advice advice(Estimate estimate) {
        Insight insight = estimate.insight();
        KeyPicture picture = insight == null ? null : insight.picture();
        ExpiryForecast forecast = insight == null ? null : insight.forecast();
        Double inflow =
                picture == null || forecast == null ? null : picture.dyingPerSecond() * (1 - forecast.readShare());
        // Without efficiency, the server has removed no dead key, although the model expects many: its expiry is off.
        double efficiency = forecast == null ? 1 : forecast.efficiency();
        return Advice.of(new ExpirySituation(
                estimate.keys(),
                estimate.volatileKeys(),
                estimate.dead(),
                inflow,
                expiry().cycle(),
                cycleRuns(estimate) && efficiency > 0,
                efficiency > 0 ? efficiency : 1,
                expiry().access(),
                estimate.cost().microsPerKey()));
    }

    /**
     * Returns whether the primary's own expiry runs. It is treated as switched off if many keys are dead, and it has
     * removed none of them during the estimate. If that is not known, it must have taken no time since the server was
     * started. If neither is known, as on a replica, the result is true.
     */
    private boolean cycleRuns(Estimate estimate) {
        long deadAfterwards = estimate.lowest() - estimate.reclaimed();
        boolean isOverdue = !requestedServer.isReplica()
                && deadAfterwards >= MIN_DEAD_KEYS
                && deadAfterwards >= DEAD_PART_THAT_CYCLES_FIND * estimate.volatileKeys();
        ExpiryRate measuredRate = rate;
        boolean hasRemovedNone = measuredRate == null
                ? requestedServer.info().number(CYCLE_TIME).orElse(1) == 0
                : measuredRate.perSecond() == 0;
        return !(isOverdue && hasRemovedNone);
    }

    /** Returns the settings of the requested server's own expiry. */
    private ExpirySettings expiry() {
        return ExpirySettings.of(requestedServer.identity(), requestedServer.info(), settings);
    }

    /**
     * Returns how fast the primary has removed expired keys by itself since the scans began. Returns null if a replica
     * was requested, the time is too short, the server does not report the counter or has reset it, or the connection
     * to the primary is broken. A primary may close it, since it was idle while a replica was scanned.
     *
     * @param reclaimedBySample the number of dead keys that the scans have removed, which the counter includes
     */
    private @Nullable ExpiryRate measureRate(long reclaimedBySample) {
        double seconds = timing.since(beganNanos).toNanos() / 1e9;
        if (expiredBefore.isEmpty() || seconds < MIN_SECONDS) {
            return null;
        }
        OptionalLong expiredNow;
        try {
            expiredNow = requestedServer.infoNow().number(EXPIRED);
        } catch (LinkBrokenException e) {
            return null;
        }
        // A counter that fell was reset by another client (CONFIG RESETSTAT).
        if (expiredNow.isEmpty() || expiredNow.getAsLong() < expiredBefore.getAsLong()) {
            return null;
        }
        long bySample = source.isReplica() ? 0 : reclaimedBySample;
        double removedKeys = Math.max(0, expiredNow.getAsLong() - expiredBefore.getAsLong() - bySample);
        return new ExpiryRate(removedKeys / seconds, seconds);
    }
}
