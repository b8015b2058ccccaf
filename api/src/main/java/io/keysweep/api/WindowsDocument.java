package io.keysweep.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When sweeps may run; body of {@code PUT …/windows}, which replaces the whole. What is left out has its default.
 *
 * @param timeZone IANA name of the zone whose wall clock counts, such as {@code Europe/Berlin}; default {@code UTC}
 * @param windows times of the week; none is all the time; at most 100
 * @param blackouts days without sweeps whatever the windows say; at most 200
 * @param outside what becomes of a sweep when its window closes: {@code hold} (the default; it goes on when the next one
 *     opens) or {@code end}
 * @param appliesTo {@code automatic} scans only (the default), or {@code all}
 * @param spreadMinutes over how long the starts of different instances are spread, 0 (the default) to 1440
 */
public record WindowsDocument(
        @Nullable String timeZone,
        @Nullable List<Window> windows,
        @Nullable List<Blackout> blackouts,
        @Nullable String outside,
        @Nullable String appliesTo,
        @Nullable Integer spreadMinutes) {

    /**
     * A time of the week. One whose {@code until} is not after {@code from} ends on the next day.
     *
     * @param days on which it opens, {@code monday} to {@code sunday}; at least one
     * @param from when it opens, {@code HH:mm}
     * @param until when it closes, {@code HH:mm}; {@code 24:00} is the end of the day
     */
    public record Window(List<String> days, String from, String until) {}

    /**
     * Days without sweeps.
     *
     * @param first the first day, {@code yyyy-MM-dd}
     * @param last the last day, which is part of it; default {@code first}
     */
    public record Blackout(String first, @Nullable String last) {}
}
