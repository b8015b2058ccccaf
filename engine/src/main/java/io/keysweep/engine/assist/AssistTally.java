package io.keysweep.engine.assist;

import io.keysweep.engine.assist.AssistReport.Ending;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Adds up what assist does on one server, and builds the report. Used by one thread. */
final class AssistTally {

    private final String nodeId;
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

    /** Records a reading. */
    void observe(CycleReading reading) {
        last = reading;
    }

    /** Adds a time at the raised settings. */
    void add(AssistSample sample) {
        raisedSeconds += sample.seconds();
        busySeconds += sample.busySeconds();
    }

    AssistReport report(Ending ending, String reason, List<SettingOutcome> settings) {
        return new AssistReport(
                nodeId,
                ending,
                reason,
                Math.max(0, last.expired() - first.expired()),
                counter,
                Duration.ofNanos(last.at() - first.at()),
                duration(raisedSeconds),
                duration(busySeconds),
                value(first.stalePercent()),
                value(last.stalePercent()),
                first.volatileKeys(),
                last.volatileKeys(),
                last.estimatedDead().isPresent() ? last.estimatedDead().getAsLong() : null,
                settings);
    }

    private static Duration duration(double seconds) {
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }

    private static @Nullable Double value(OptionalDouble number) {
        return number.isPresent() ? number.getAsDouble() : null;
    }
}
