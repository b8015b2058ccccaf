package io.keysweep.engine.pacing;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What one control period has shown of a server and of those around it.
 *
 * @param period how long it was
 * @param values the signals that are known, each in its own unit; a server need not tell all
 * @param bearable the part of its ceilings at which the slowest replica would keep up, as far as it is known; see
 *     {@link ReplicaLag#bearable}
 */
public record LoadObservation(Duration period, Map<Signal, Double> values, OptionalDouble bearable) {

    public LoadObservation {
        values = Map.copyOf(values);
    }

    /** The value of a signal; 0, which troubles nobody, where it is not known. */
    double of(Signal signal) {
        return values.getOrDefault(signal, 0.0);
    }
}
