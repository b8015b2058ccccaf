package io.keysweep.server.console.page;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Contains the lines of the charts of a page, as JSON for the script that draws them.
 *
 * @param at time of each point in seconds since 1970
 * @param series values of each line by its name, one for each point; null where nothing was measured
 * @param limits values that a chart shows as a dashed line, by name
 * @param live whether points are still added, so that the script requests the lines again
 */
public record ChartData(
        List<Double> at, Map<String, List<@Nullable Double>> series, Map<String, Double> limits, boolean live) {}
