package io.keysweep.engine.assist;

import io.keysweep.engine.assist.AssistReport.Ending;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Adds up what assist does on one server, and builds the {@link AssistReport}.
 *
 * <p>It compares the first and the latest reading of INFO, and sums up the times at the raised settings. Used by one
 * thread.
 */
final class AssistTally {

    private final String nodeId;
    /** The name of the INFO field from which readings take the number of expired keys. */
    private final String counter;

    private final CycleReading first;
    private CycleReading last;
    private double raisedSeconds;
    private double busySeconds;

    AssistTally(String nodeId, String counter, CycleReading first) {
        this.nodeId = nodeId;
        this.counter = counter;
        this.first = first;
        last = first;
    }

    /** Returns the latest reading. */
    CycleReading last() {
        return last;
    }

    /** Records the latest reading. */
    void observe(CycleReading reading) {
        last = reading;
    }

    /** Adds one time at the raised settings, with the main thread's time that assist took in it. */
    void add(AssistSample sample) {
        raisedSeconds += sample.seconds();
        busySeconds += sample.busySeconds();
    }

    /** Returns everything so far, while assist goes on. */
    AssistProgress progress() {
        return new AssistProgress(
                nodeId,
                reclaimed(),
                counter,
                duration(raisedSeconds),
                duration(busySeconds),
                first.volatileKeys(),
                last.volatileKeys(),
                estimatedLeft());
    }

    private long reclaimed() {
        // The counter begins at 0 again after a restart or CONFIG RESETSTAT.
        return Math.max(0, last.expired() - first.expired());
    }

    private @Nullable Long estimatedLeft() {
        return last.estimatedDead().isPresent() ? last.estimatedDead().getAsLong() : null;
    }

    /**
     * Returns the report of everything so far.
     *
     * @param settings what has become of each setting that was changed
     */
    AssistReport report(Ending ending, String reason, List<SettingOutcome> settings) {
        return new AssistReport(
                nodeId,
                ending,
                reason,
                reclaimed(),
                counter,
                Duration.ofNanos(last.at() - first.at()),
                duration(raisedSeconds),
                duration(busySeconds),
                value(first.stalePercent()),
                value(last.stalePercent()),
                first.volatileKeys(),
                last.volatileKeys(),
                estimatedLeft(),
                settings);
    }

    private static Duration duration(double seconds) {
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }

    private static @Nullable Double value(OptionalDouble number) {
        return number.isPresent() ? number.getAsDouble() : null;
    }
}
