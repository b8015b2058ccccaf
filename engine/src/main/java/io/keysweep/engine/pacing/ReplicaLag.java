package io.keysweep.engine.pacing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Calculates how far the slowest replica of a primary is behind, and at which pace of a sweep the replica keeps up.
 *
 * <p>{@link Throttle} uses these two numbers to slow a sweep down. The input is a series of readings of two replication
 * offsets: the bytes that the primary has written, and the bytes that the slowest replica has confirmed.
 *
 * <p>A healthy replica confirms only once per second, so the plain difference of the offsets always includes up to one
 * second of writes. The lag here therefore contains only overdue bytes: the primary had written them {@value
 * #CONFIRM_WITHIN_MILLIS} ms ago, and the replica has not confirmed them yet. Not safe to share between threads.
 */
public final class ReplicaLag {

    /**
     * The time within which a healthy replica confirms a write, ms: one second between two confirmations, and half a
     * second for delays.
     */
    private static final long CONFIRM_WITHIN_MILLIS = 1_500;

    private static final long CONFIRM_WITHIN_NANOS =
            Duration.ofMillis(CONFIRM_WITHIN_MILLIS).toNanos();

    /**
     * The shortest time over which a replica's speed is measured, ns. Replicas confirm once per second, so a shorter
     * measurement would be too rough.
     */
    private static final long MIN_MEASURED_NANOS = Duration.ofMillis(2_500).toNanos();

    /** The greatest age of a reading, ns. Older readings would not show the current speed. */
    private static final long KEEP_READINGS_NANOS = Duration.ofSeconds(8).toNanos();

    /** Records one call of {@link #add}, with the same units. */
    private record LagReading(long at, double written, double confirmed, double factorSeconds) {}

    private final List<LagReading> readings = new ArrayList<>();

    /**
     * Adds a reading, and drops readings that have become too old. Readings are added in the order of their time.
     *
     * @param at the time of the reading on a monotonic clock, ns
     * @param written bytes that the primary has written so far
     * @param confirmed bytes that the slowest replica has confirmed so far
     * @param factorSeconds the sum of throttle factor × seconds so far, where the factor is the part of the allowed
     *     pace that the sweep uses, 0 to 1. The sum grows by 0.5 per second while the factor is 0.5. Its growth divided
     *     by the time is the mean factor of that time
     */
    public void add(long at, double written, double confirmed, double factorSeconds) {
        readings.add(new LagReading(at, written, confirmed, factorSeconds));
        readings.removeIf(reading -> at - reading.at > KEEP_READINGS_NANOS);
    }

    /**
     * Returns the bytes that should be confirmed by now and are not. The result is empty until the oldest reading is
     * {@value #CONFIRM_WITHIN_MILLIS} ms old. Call this only after {@link #add}.
     */
    public OptionalDouble lagBytes() {
        LagReading lastReading = readings.getLast();
        for (LagReading reading : readings.reversed()) {
            if (lastReading.at - reading.at >= CONFIRM_WITHIN_NANOS) {
                return OptionalDouble.of(Math.max(0, reading.written - lastReading.confirmed));
            }
        }
        return OptionalDouble.empty();
    }

    /**
     * Returns the throttle factor at which the primary would have written only as much as the replica confirmed.
     *
     * <p>It is the mean factor of the sweep over the last seconds, times the bytes confirmed, divided by the bytes
     * written. Example: at a mean factor of 0.8 the replica confirmed half of the written bytes, so it can sustain 0.4.
     * The result is meaningful only while the replica is behind.
     *
     * @return empty if the readings do not suffice, or nothing was written
     */
    public OptionalDouble sustainableFactor() {
        // The measurement begins and ends with readings at which the replica had just confirmed, because its position
        // between two confirmations is not known. The latest possible end is searched first.
        for (int i = readings.size() - 1; i > 0; i--) {
            LagReading reading = readings.get(i);
            LagReading lastReading = readings.getLast();
            if (isConfirmation(i)) {
                return sustainableFactorUntil(reading, i);
            }
            if (lastReading.at - reading.at > CONFIRM_WITHIN_NANOS) {
                // A replica that has stopped confirming is measured up to now, so that its speed falls towards 0.
                return sustainableFactorUntil(lastReading, i);
            }
        }
        return OptionalDouble.empty();
    }

    /** Returns whether the replica confirmed something between a reading and the one before. */
    private boolean isConfirmation(int index) {
        return readings.get(index).confirmed > readings.get(index - 1).confirmed;
    }

    /**
     * Returns the factor from a measurement that ends with a reading; empty if no earlier confirmation is at least 2.5
     * s before that reading.
     *
     * @param end the reading that ends the measurement
     * @param endIndex the index before which to search for the beginning
     */
    private OptionalDouble sustainableFactorUntil(LagReading end, int endIndex) {
        for (int i = endIndex - 1; i > 0; i--) {
            LagReading start = readings.get(i);
            if (isConfirmation(i) && end.at - start.at >= MIN_MEASURED_NANOS) {
                return sustainableFactor(start, end);
            }
        }
        return OptionalDouble.empty();
    }

    /** Returns the factor from the readings at the start and the end of a measurement; empty if nothing was written. */
    private static OptionalDouble sustainableFactor(LagReading start, LagReading end) {
        double writtenBytes = end.written - start.written;
        if (writtenBytes <= 0) {
            return OptionalDouble.empty();
        }
        double meanFactor = (end.factorSeconds - start.factorSeconds) / ((end.at - start.at) / 1e9);
        return OptionalDouble.of(meanFactor * (end.confirmed - start.confirmed) / writtenBytes);
    }
}
