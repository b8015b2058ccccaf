package io.keysweep.cli.service;

import io.keysweep.api.TimelineEventView;
import io.keysweep.api.TimelineView;
import io.keysweep.api.text.Amounts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Formats the timeline of a scan as the text that {@code keysweep scans timeline} prints. */
final class TimelineLines {

    private TimelineLines() {}

    /**
     * Returns one line for each event, and a last line with the number of events that the service has not stored, if
     * there are any.
     */
    static List<String> lines(TimelineView timeline) {
        List<String> lines = new ArrayList<>();
        timeline.events().forEach(event -> lines.add(line(event)));
        if (timeline.omitted() > 0) {
            lines.add(Amounts.count(timeline.omitted(), "event") + (timeline.omitted() == 1 ? " was" : " were")
                    + " not stored, because the timeline was full");
        }
        return lines;
    }

    /** Formats an event as {@code TIME TYPE (SCOPE) by WHO NODE DETAIL: WHY (until TIME, DURATION, N times)}. */
    private static String line(TimelineEventView event) {
        StringBuilder line = new StringBuilder(event.at() + "  " + event.type().replace('-', ' '));
        if (event.scope() != null) {
            line.append(event.scope().equals("all") ? " (all projects)" : " (the project)");
        }
        if (event.by() != null) {
            line.append(" by ").append(event.by());
        }
        if (event.nodeId() != null) {
            line.append("  ").append(event.nodeId());
        }
        if (event.detail() != null) {
            line.append("  ").append(event.detail());
        }
        if (event.why() != null) {
            line.append(": ").append(event.why());
        }
        if (event.until() != null) {
            line.append("  (until ")
                    .append(event.until())
                    .append(", ")
                    .append(Amounts.duration(Duration.between(event.at(), event.until())))
                    .append(event.times() > 1 ? ", " + event.times() + " times" : "")
                    .append(')');
        }
        return line.toString();
    }
}
