package io.keysweep.engine.pacing;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A load observation holds what one control period showed of a server, its replicas and its clients: the input of
 * {@link Throttle}.
 *
 * @param period the length of the control period
 * @param values the measured value of each known signal, in the signal's unit; servers do not report all of them
 * @param sustainableFactor the throttle factor at which the slowest replica would keep up, see
 *     {@link ReplicaLag#sustainableFactor}; empty if it is not known
 */
public record LoadObservation(Duration period, Map<Signal, Double> values, OptionalDouble sustainableFactor) {

    public LoadObservation {
        values = Map.copyOf(values);
    }

    /** Returns the value of a signal, or 0, which exceeds no limit, if the value is not known. */
    double value(Signal signal) {
        return values.getOrDefault(signal, 0.0);
    }
}
