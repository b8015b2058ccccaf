package io.keysweep.engine.sweep;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.pacing.RoundTripBaseline;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Samples the idle round trip of a session: the time of a call that costs the server next to nothing.
 *
 * <p>The shortest of the latest samples is the time that network and client alone take. It is subtracted from the round
 * trips of steps (calls that visit keys). A <i>status</i> is what {@link Session#readStatus} reads. Used by the sweep's
 * thread only.
 */
final class IdleRoundTrips {

    /**
     * The largest number of statuses of a distant server in a row without a sample. By default, there is then one
     * sample per second.
     */
    private static final int MAX_STATUSES_WITHOUT_SAMPLE = 3;

    /** If an idle round trip is longer than the shortest one by this time, the next status also needs a sample. */
    private static final Duration LONG_DELAY = Duration.ofMillis(5);

    private final SelectedDatabase database;
    private final ServerDistance distance;
    private final RoundTripBaseline baseline = new RoundTripBaseline();

    /** The number of statuses without a sample since the last sample. */
    private int statusesWithoutSample;

    /** Whether the next status needs a sample. */
    private boolean isDemanded;

    /** The sample for the latest status; null if it has none. */
    private @Nullable Duration latest;

    /**
     * Measures the distance of the server of a new session.
     *
     * @param earlier the link of the calls before, see {@link ServerDistance#measure}
     * @param database sends the calls
     * @throws LinkBrokenException if the connection breaks
     */
    IdleRoundTrips(TimedLink earlier, SelectedDatabase database) {
        this.database = database;
        distance = ServerDistance.measure(earlier, database);
        if (distance.isFar()) {
            baseline.add(distance.shortest());
        }
    }

    /**
     * Takes a sample, which also counts the keys of the selected database. A process that has just slept reacts more
     * slowly than a busy one, so a sample must follow a delay like the delay between steps. No step may be in flight.
     *
     * @throws LinkBrokenException if the connection breaks
     */
    void sample() {
        statusesWithoutSample = 0;
        Duration roundTrip = database.timeIdleCall();
        latest = roundTrip;
        baseline.add(roundTrip);
        distance.add(roundTrip);
        isDemanded = baseline.busyTime(roundTrip).compareTo(LONG_DELAY) > 0;
    }

    /**
     * Takes a sample if one is due for a status of a distant server. That is the case once per second, after {@link
     * #demand}, and while the samples show a delay.
     *
     * @throws LinkBrokenException if the connection breaks
     */
    void sampleIfDue() {
        latest = null;
        if (isSampleDue()) {
            sample();
        } else {
            statusesWithoutSample++;
        }
    }

    /**
     * Records a status of a distant server that is received while steps are in flight, and so has no sample. No sample
     * may be due.
     */
    void skipSample() {
        latest = null;
        statusesWithoutSample++;
    }

    /** Returns whether the next status of a distant server needs a sample. */
    boolean isSampleDue() {
        return isDemanded || statusesWithoutSample >= MAX_STATUSES_WITHOUT_SAMPLE;
    }

    /** Makes the next {@link #sampleIfDue} take a sample, because callers seem to wait for the server. */
    void demand() {
        isDemanded = true;
    }

    /** Returns the sample for the latest status; empty if it has none. */
    Optional<Duration> latest() {
        return Optional.ofNullable(latest);
    }

    /** Returns the shortest of the latest samples; empty before the first. */
    Optional<Duration> shortest() {
        return baseline.shortest();
    }

    /**
     * Returns the shortest sample of the session. Other clients that keep the server busy for long do not raise it, so
     * such a server does not look distant.
     */
    Duration shortestInSession() {
        return distance.shortest();
    }

    /** Returns the baseline that gives the busy time of steps. */
    RoundTripBaseline baseline() {
        return baseline;
    }

    /** Returns whether the server is so far away that several steps should be on their way at a time. */
    boolean isFar() {
        return distance.isFar();
    }
}
