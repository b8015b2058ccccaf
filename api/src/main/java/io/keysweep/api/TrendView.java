package io.keysweep.api;

import java.util.List;

/**
 * Reports the history of an instance; {@code GET /api/v1/instances/{id}/trends} returns it.
 *
 * @param instanceId id of the instance
 * @param days how many days the history covers, up to the present
 * @param points what was measured, the earliest first
 */
public record TrendView(String instanceId, int days, List<TrendPointView> points) {

    public TrendView {
        points = List.copyOf(points);
    }
}
