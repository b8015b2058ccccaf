package io.keysweep.api;

import java.util.List;

/**
 * Reports what scans and estimates of an instance have measured over time.
 *
 * <p>{@code GET /api/v1/instances/{id}/trends} returns it.
 *
 * @param instanceId id of the instance
 * @param days how many days the history covers, up to the present
 * @param points the measurements, the earliest first; old measurements are merged to one point per hour or per day
 */
public record TrendView(String instanceId, int days, List<TrendPointView> points) {

    public TrendView {
        points = List.copyOf(points);
    }
}
