package io.keysweep.api;

import java.util.List;

/**
 * Lists what has happened to a scan, who did it, why and when; {@code GET /api/v1/scans/{id}/timeline} returns it.
 *
 * @param events the events, the earliest first, at most 1,000. If there are 500 already, further events about single
 *     primaries are not stored
 * @param omitted number of events that were not stored, because the timeline was full
 */
public record TimelineView(List<TimelineEventView> events, long omitted) {

    public TimelineView {
        events = List.copyOf(events);
    }
}
