package io.keysweep.api;

import java.util.List;

/**
 * Lists what has happened to a scan, who did it, why and when; {@code GET /api/v1/scans/{id}/timeline} returns it.
 *
 * @param events the events, the earliest first; at most 1,000, and at most 500 that the service records by itself
 * @param omitted number of events that were not stored, because the timeline was full
 */
public record TimelineView(List<TimelineEventView> events, long omitted) {

    public TimelineView {
        events = List.copyOf(events);
    }
}
