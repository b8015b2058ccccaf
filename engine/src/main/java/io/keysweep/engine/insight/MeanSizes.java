package io.keysweep.engine.insight;

import java.util.List;

/**
 * Holds the mean memory in bytes of the keys that are dead and of the keys that die (expire) in a forecast.
 *
 * <p>Keys of different kinds have different TTLs, so the keys that die in one period can be much smaller than the mean
 * of all keys.
 *
 * @param ofDead the mean of the keys that are dead at the time of the sample
 * @param ofSteps the mean of the keys that die in each period of the forecast
 */
public record MeanSizes(double ofDead, List<Double> ofSteps) {

    public MeanSizes {
        ofSteps = List.copyOf(ofSteps);
    }
}
