package io.keysweep.engine.assist;

import io.keysweep.engine.assist.AssistReport.AssistEnding;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Adds up the reclaimed keys and the times of assist on one server, and builds the {@link AssistReport}.
 *
 * <p>Assist raises settings of a server for a while, so that the server itself removes more expired keys. The tally
 * compares the first and the latest reading of INFO, and sums up the growth of the counter of expired keys and the
 * times at the raised settings. Used by one thread.
 */
final class AssistTally {

    private final String nodeId;
    /** The name of the INFO field from which readings take the number of expired keys. */
    private final String counter;

    private final CycleReading first;
    private CycleReading last;

    /** Expired keys that the server has reclaimed between the first reading and the last. */
    private long reclaimed;

    /** For how long the settings were raised, s. */
    private double raisedSeconds;

    /** The main thread's time that assist has taken, s. */
    private double busySeconds;

    /** The part of the main thread's time that assist took by the latest sample, 0 to 1. */
    private double latestShare;

    AssistTally(String nodeId, String counter, CycleReading first) {
        this.nodeId = nodeId;
        this.counter = counter;
        this.first = first;
        last = first;
    }

    /** Returns the reading at the beginning of assist, before any broken connection. */
    CycleReading first() {
        return first;
    }

    /** Returns the latest reading. */
    CycleReading last() {
        return last;
    }

    /**
     * Records the latest reading. After CONFIG RESETSTAT the counter of expired keys begins at 0 again. The sum then
     * lacks the keys that were reclaimed between the last reading and the reset.
     */
    void observe(CycleReading reading) {
        long growth = reading.expired() - last.expired();
        reclaimed += growth < 0 ? reading.expired() : growth;
        last = reading;
    }

    /** Adds the main thread's time that assist took in a sample. */
    void add(AssistSample sample) {
        busySeconds += sample.busySeconds();
        latestShare = sample.seconds() > 0 ? sample.busySeconds() / sample.seconds() : 0;
    }

    /** Adds a time for which the settings were raised, until the latest reading. */
    void addRaised(Duration time) {
        raisedSeconds += time.toNanos() / 1e9;
    }

    /**
     * Adds the time from the latest reading until the settings had their former values again. No reading shows what
     * assist took in it, so it is treated like the latest sample.
     */
    void addRaisedUntilLowered(Duration time) {
        addRaised(time);
        busySeconds += latestShare * time.toNanos() / 1e9;
    }

    /** Returns the sums so far, while assist continues. */
    AssistProgress progress() {
        return new AssistProgress(
                nodeId,
                reclaimed,
                counter,
                duration(raisedSeconds),
                duration(busySeconds),
                first.volatileKeys(),
                last.volatileKeys(),
                estimatedLeft());
    }

    private @Nullable Long estimatedLeft() {
        return last.estimatedDead().isPresent() ? last.estimatedDead().getAsLong() : null;
    }

    /**
     * Returns the report with the sums so far.
     *
     * @param settings the outcome for each setting that was changed
     */
    AssistReport report(AssistEnding ending, String reason, List<SettingOutcome> settings) {
        return new AssistReport(
                nodeId,
                ending,
                reason,
                reclaimed,
                counter,
                Duration.ofNanos(last.at() - first.at()),
                duration(raisedSeconds),
                duration(busySeconds),
                orNull(first.stalePercent()),
                orNull(last.stalePercent()),
                first.volatileKeys(),
                last.volatileKeys(),
                estimatedLeft(),
                settings);
    }

    private static Duration duration(double seconds) {
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }

    private static @Nullable Double orNull(OptionalDouble number) {
        return number.isPresent() ? number.getAsDouble() : null;
    }
}
