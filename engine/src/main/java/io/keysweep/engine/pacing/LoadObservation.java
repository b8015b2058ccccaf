package io.keysweep.engine.pacing;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A load observation reports to {@link Throttle} how busy a server, its replicas and its clients were in one control
 * period.
 *
 * <p>The sweep makes a load observation about every 250 ms.
 *
 * @param period the length of the control period
 * @param values the measured value of each known signal, in the unit of the signal; a signal that the server does not
 *     report is left out
 * @param sustainableFactor the throttle factor, 0 to 1, at which the slowest replica would keep up with the sweep, see
 *     {@link ReplicaLag#sustainableFactor}; empty if it is not known
 */
public record LoadObservation(Duration period, Map<Signal, Double> values, OptionalDouble sustainableFactor) {

    public LoadObservation {
        values = Map.copyOf(values);
    }

    /** Returns the value of a signal. Returns 0, which exceeds no limit, if the value is not known. */
    double value(Signal signal) {
        return values.getOrDefault(signal, 0.0);
    }
}
