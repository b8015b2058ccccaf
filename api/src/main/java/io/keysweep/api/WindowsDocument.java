package io.keysweep.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Describes when sweeps may run, for one instance or as the default of a project.
 *
 * <p>A sweep visits all keys of one primary, so that the server removes the expired ones. A scan consists of one sweep
 * for each primary. This is the body of {@code PUT /api/v1/instances/{id}/windows} and {@code PUT
 * /api/v1/projects/{id}/windows}, which replace all windows.
 *
 * @param timeZone IANA name of the time zone, such as {@code Europe/Berlin}; default {@code UTC}
 * @param windows times of the week in which sweeps may run, at most 100; empty (default) if they may run at any time
 * @param blackouts days on which no sweep may run, even in a window; at most 200
 * @param outside what happens to a sweep when its window closes: {@code hold} (default) continues the sweep when the
 *     next window opens, {@code end} ends the sweep
 * @param appliesTo scans that must keep to the windows: {@code automatic} (default) for automatic scans only, {@code
 *     all} for manual scans too
 * @param spreadMinutes period in minutes over which the starts of different instances are distributed, so that they do
 *     not all start at the same time; 0 (default) to 1440
 */
public record WindowsDocument(
        @Nullable String timeZone,
        @Nullable List<Window> windows,
        @Nullable List<Blackout> blackouts,
        @Nullable String outside,
        @Nullable String appliesTo,
        @Nullable Integer spreadMinutes) {

    /**
     * A window is a time of the week when sweeps may run.
     *
     * <p>If {@code until} is not after {@code from}, the window closes on the next day.
     *
     * @param days days on which the window opens, {@code monday} to {@code sunday}; at least one
     * @param from time at which the window opens, {@code HH:mm}, such as {@code 22:30}
     * @param until time at which the window closes, {@code HH:mm}; {@code 24:00} is the end of the day
     */
    public record Window(List<String> days, String from, String until) {}

    /**
     * A blackout is a range of days on which no sweep may run.
     *
     * @param first the first day, {@code yyyy-MM-dd}
     * @param last the last day, on which no sweep is allowed to run either; default {@code first}
     */
    public record Blackout(String first, @Nullable String last) {}
}
