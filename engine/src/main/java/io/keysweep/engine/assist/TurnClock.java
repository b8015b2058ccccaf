package io.keysweep.engine.assist;

import io.keysweep.engine.sweep.Timing;
import java.time.Duration;

/**
 * Measures for how long settings are raised in each turn of {@link AssistDriver}, and derives the waits of the turn.
 *
 * <p>Assist raises settings of a server for a while, and lowers them for a rest. The commands in between take round
 * trips, in which the settings are still raised. Over a long distance these times are longer than the waits. So the
 * wait at the raised settings is shorter by the time that the decision after it takes, and the rest follows from the
 * time for which the settings were really raised. Example: with a round trip of 50 ms, settings that should be raised
 * for 50 ms are raised for 250 ms; the rest is then five times as long as planned.
 *
 * <p>Changes and readings have their effect when they reach the server. All of them take about the same way, so the time
 * between two of them is the time between their sending. If the network was slower than usual, the time is not known
 * exactly. Then the longest possible time determines the rest, and the shortest possible one determines the share of the
 * server's time that assist took. So assist does not exceed its share. Used by one thread.
 */
final class TurnClock {

    /** The number of round trips after a rest before the settings are raised: INFO, and the check of the settings. */
    private static final int ROUND_TRIPS_AFTER_REST = 2;

    private final Timing timing;
    private final RaisableSettings settings;

    /** When the current turn began: when the settings were raised, or at the last reading if that was later; ns. */
    private long turnBeganAt;

    /** The same time, or a later one if the raised settings may have reached the server late; ns. */
    private long turnBeganLatestAt;

    /** When the latest wait at the raised settings ended, ns. */
    private long waitEndedAt;

    /** The time from the end of a wait until the lowering of the settings was sent, in the latest turn with a rest. */
    private Duration decisionTime = Duration.ZERO;

    /**
     * Creates a clock.
     *
     * @param settings knows when the settings were raised and lowered
     */
    TurnClock(Timing timing, RaisableSettings settings) {
        this.timing = timing;
        this.settings = settings;
    }

    /**
     * Begins a turn, and returns how long to wait at the raised settings, so that they are raised for the time of the
     * pace until they can be lowered; zero or negative if that time is over.
     *
     * @param lastReadingAt the time of the last reading, from which a turn counts if the settings were raised before
     */
    Duration beginTurn(AssistPace pace, long lastReadingAt) {
        turnBeganAt = Math.max(settings.raisedAt(), lastReadingAt);
        turnBeganLatestAt = Math.max(settings.raisedLatestAt(), lastReadingAt);
        return pace.raiseFor().minus(timing.since(turnBeganAt)).minus(decisionTime);
    }

    /** Notes that the wait at the raised settings has ended. */
    void beginDecision() {
        waitEndedAt = timing.nanoTime().getAsLong();
    }

    /** Returns how long to rest, from now on, after the settings were lowered. */
    Duration restTime(AssistPace pace) {
        decisionTime = Duration.ofNanos(settings.loweredAt() - waitEndedAt);
        double longestRaisedNanos = settings.loweredLatestAt() - turnBeganAt;
        double ratio = (double) pace.restFor().toNanos() / pace.raiseFor().toNanos();
        return Duration.ofNanos((long) (longestRaisedNanos * ratio))
                .minus(timing.since(settings.loweredLatestAt()))
                .minus(settings.shortestRoundTrip().multipliedBy(ROUND_TRIPS_AFTER_REST));
    }

    /** Returns for how many seconds the settings were raised in this turn until a reading, at least. */
    double raisedSeconds(CycleReading reading) {
        return (reading.at() - turnBeganLatestAt) / 1e9;
    }
}
