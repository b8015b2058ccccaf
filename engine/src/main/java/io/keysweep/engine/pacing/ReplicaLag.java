package io.keysweep.engine.pacing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How far the slowest replica of a primary is behind, and what it can bear, from offsets that are read again and again.
 * A replica that is well confirms what it has received once a second, so it always seems to be up to a second's writes
 * behind; counted is only what should have been confirmed by now. Not safe to share between threads.
 */
public final class ReplicaLag {

    private static final long CONFIRMED_WITHIN_NANOS = Duration.ofMillis(1_500).toNanos();
    /** Over a shorter time the one second between confirmations would blur what it takes. */
    private static final long MEASURED_OVER_NANOS = Duration.ofMillis(2_500).toNanos();

    private static final long KEPT_NANOS = Duration.ofSeconds(8).toNanos();

    private record Reading(long at, double written, double confirmed, double used) {}

    private final List<Reading> readings = new ArrayList<>();

    /**
     * Adds a reading.
     *
     * @param at when, on a clock that never jumps, ns
     * @param written bytes that the primary has written so far
     * @param confirmed bytes of those that the slowest replica has confirmed
     * @param used the part of its ceilings that the sweep had, added up over the seconds so far
     */
    public void add(long at, double written, double confirmed, double used) {
        readings.add(new Reading(at, written, confirmed, used));
        readings.removeIf(reading -> at - reading.at > KEPT_NANOS);
    }

    /** Bytes that should be confirmed by now and are not; empty before there is a reading that is old enough. */
    public OptionalDouble bytes() {
        Reading last = readings.getLast();
        for (Reading reading : readings.reversed()) {
            if (last.at - reading.at >= CONFIRMED_WITHIN_NANOS) {
                return OptionalDouble.of(Math.max(0, reading.written - last.confirmed));
            }
        }
        return OptionalDouble.empty();
    }

    /**
     * The part that the sweep would have had if as much had been written as was confirmed; means something only while
     * the replica is behind. Empty before it is known.
     */
    public OptionalDouble bearable() {
        Reading end = null;
        // From confirmation to confirmation: in between nobody knows how far it is.
        for (int i = readings.size() - 1; i > 0; i--) {
            Reading reading = readings.get(i);
            boolean news = reading.confirmed > readings.get(i - 1).confirmed;
            boolean overdue = end == null && readings.getLast().at - reading.at > CONFIRMED_WITHIN_NANOS;
            if (end == null && (news || overdue)) {
                end = news ? reading : readings.getLast();
            } else if (end != null && news && end.at - reading.at >= MEASURED_OVER_NANOS) {
                return bearable(reading, end);
            }
        }
        return OptionalDouble.empty();
    }

    private static OptionalDouble bearable(Reading start, Reading end) {
        double written = end.written - start.written;
        if (written <= 0) {
            return OptionalDouble.empty();
        }
        double meanPart = (end.used - start.used) / ((end.at - start.at) / 1e9);
        return OptionalDouble.of(meanPart * (end.confirmed - start.confirmed) / written);
    }
}
