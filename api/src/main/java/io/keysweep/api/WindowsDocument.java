package io.keysweep.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Describes when sweeps may run. The request body of {@code PUT …/windows}, which replaces all windows.
 *
 * @param timeZone IANA name of the time zone, such as {@code Europe/Berlin}; default {@code UTC}
 * @param windows times of the week in which sweeps may run, at most 100; empty (default) for all the time
 * @param blackouts days on which no sweep may run, even in a window; at most 200
 * @param outside what happens to a sweep when its window closes: {@code hold} (default) continues the sweep when the
 *     next window opens, {@code end} ends it
 * @param appliesTo scans that need a window: {@code automatic} (default) or {@code all}
 * @param spreadMinutes time in minutes over which the starts of different instances are spread, 0 (default) to 1440
 */
public record WindowsDocument(
        @Nullable String timeZone,
        @Nullable List<Window> windows,
        @Nullable List<Blackout> blackouts,
        @Nullable String outside,
        @Nullable String appliesTo,
        @Nullable Integer spreadMinutes) {

    /**
     * A window is a time of the week in which sweeps may run.
     *
     * <p>If {@code until} is not after {@code from}, the window closes on the next day.
     *
     * @param days days on which the window opens, {@code monday} to {@code sunday}; at least one
     * @param from time at which the window opens, {@code HH:mm}
     * @param until time at which the window closes, {@code HH:mm}; {@code 24:00} is the end of the day
     */
    public record Window(List<String> days, String from, String until) {}

    /**
     * A blackout is a range of days on which no sweep may run.
     *
     * @param first the first day, {@code yyyy-MM-dd}
     * @param last the last day, inclusive; default {@code first}
     */
    public record Blackout(String first, @Nullable String last) {}
}
