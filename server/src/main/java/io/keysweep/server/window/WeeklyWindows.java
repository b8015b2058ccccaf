package io.keysweep.server.window;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Calculates when sweeps may run: inside a window of the week, or at any time if there are no windows, but never in a
 * blackout.
 *
 * <p>A sweep is the part of a scan that visits one primary. A window is a time of the week, such as Saturday from 22:00
 * to 06:00. A blackout is a range of days. "The windows are open" below means that sweeps may run.
 *
 * <p>The wall clock of the time zone decides. The hour that clocks skip in spring is therefore in no window. The hour
 * that clocks repeat in autumn is in its window twice. An example is 02:30 in Berlin. It is two moments on the night
 * that clocks go back from 03:00 to 02:00, and no moment on the night that clocks skip from 02:00 to 03:00. A window
 * that should open at 02:30 on the night of the skip opens at the skip. Immutable, and without side effects.
 *
 * @param zone the time zone of the wall clock, such as {@code Europe/Berlin}
 * @param windows the windows of the week; an empty list means all the time
 * @param blackouts the days on which no sweep may run
 */
record WeeklyWindows(ZoneId zone, List<Window> windows, List<Blackout> blackouts) {

    /** Windows that are always open. */
    static final WeeklyWindows ALWAYS = new WeeklyWindows(ZoneOffset.UTC, List.of(), List.of());

    /**
     * The number of days that a search covers. Windows repeat every week, but a change of the clocks can remove a
     * window from one week. A window can also open on the day before the search starts. So 16 days contain each window
     * at least once, even if one week loses it.
     */
    private static final int DAYS_AHEAD = 16;

    WeeklyWindows {
        windows = List.copyOf(windows);
        blackouts = List.copyOf(blackouts);
    }

    /** Returns whether sweeps may run at a moment. */
    boolean isOpenAt(Instant moment) {
        LocalDateTime wallClock = LocalDateTime.ofInstant(moment, zone);
        return blackouts.stream().noneMatch(blackout -> blackout.contains(wallClock.toLocalDate()))
                && (windows.isEmpty() || windows.stream().anyMatch(window -> window.contains(wallClock)));
    }

    /**
     * Returns the next moment after {@code now} at which the windows change from closed to open; empty if they never
     * open again. If the windows are open now, the result is the opening after the next closing.
     */
    Optional<Instant> nextOpening(Instant now) {
        return nextChange(now, /* toOpen= */ true);
    }

    /**
     * Returns the next moment after {@code now} at which the windows change from open to closed; empty if they never
     * close again.
     */
    Optional<Instant> nextClosing(Instant now) {
        return nextChange(now, /* toOpen= */ false);
    }

    /**
     * Returns the next moment after {@code now} at which the windows open or close; empty if there is none. Tests all
     * moments at which that may happen, in order.
     *
     * @param toOpen true for the next opening, false for the next closing
     */
    private Optional<Instant> nextChange(Instant now, boolean toOpen) {
        boolean wasOpen = isOpenAt(now);
        Instant previousCandidate = now;
        // Every kind of change by windows happens within DAYS_AHEAD, but a blackout can be years later. The search
        // therefore starts again at each beginning and end of a blackout.
        for (Instant searchStart : searchStarts(now)) {
            for (Instant candidate : candidates(searchStart).tailSet(previousCandidate, /* inclusive= */ false)) {
                boolean isOpen = isOpenAt(candidate);
                if (wasOpen != toOpen && isOpen == toOpen) {
                    return Optional.of(candidate);
                }
                wasOpen = isOpen;
                previousCandidate = candidate;
            }
        }
        return Optional.empty();
    }

    /** Returns {@code now} and the later beginnings and ends of blackouts, in order. */
    private TreeSet<Instant> searchStarts(Instant now) {
        TreeSet<Instant> moments = new TreeSet<>();
        moments.add(now);
        for (Blackout blackout : blackouts) {
            moments.add(blackout.first().atStartOfDay(zone).toInstant());
            moments.add(blackout.last().plusDays(1).atStartOfDay(zone).toInstant());
        }
        return new TreeSet<>(moments.tailSet(now));
    }

    /**
     * Returns the moments at which the windows may open or close, in the {@code DAYS_AHEAD} days after {@code from}, in
     * order: midnights for blackouts, the times of the windows, and changes of the clocks.
     */
    private TreeSet<Instant> candidates(Instant from) {
        TreeSet<Instant> moments = new TreeSet<>();
        LocalDate today = LocalDate.ofInstant(from, zone);
        // A window that opened yesterday may close today, so the search begins with the day before.
        for (int day = -1; day <= DAYS_AHEAD; day++) {
            LocalDate date = today.plusDays(day);
            addAll(moments, date.atStartOfDay());
            for (Window window : windows) {
                if (window.days().contains(date.getDayOfWeek())) {
                    addAll(moments, window.opening(date));
                    addAll(moments, window.closing(date));
                }
            }
        }
        addClockChanges(moments, from.minus(Duration.ofDays(1)), from.plus(Duration.ofDays(DAYS_AHEAD)));
        return moments;
    }

    /** Adds every moment after {@code from} and before {@code until} at which the clocks of the zone change. */
    private void addClockChanges(TreeSet<Instant> moments, Instant from, Instant until) {
        Optional<ZoneOffsetTransition> transition = transitionAfter(from);
        while (transition.isPresent() && transition.get().getInstant().isBefore(until)) {
            moments.add(transition.get().getInstant());
            transition = transitionAfter(transition.get().getInstant());
        }
    }

    /**
     * Adds every moment at which the wall clock shows a time: two moments if clocks repeat the time, and none if they
     * skip it. {@link #candidates} therefore also adds the changes of the clocks.
     */
    private void addAll(TreeSet<Instant> moments, LocalDateTime wallClock) {
        for (ZoneOffset offset : zone.getRules().getValidOffsets(wallClock)) {
            moments.add(wallClock.toInstant(offset));
        }
    }

    /** Returns the next change of the clocks after a moment; empty if the zone has none. */
    private Optional<ZoneOffsetTransition> transitionAfter(Instant moment) {
        return Optional.ofNullable(zone.getRules().nextTransition(moment));
    }
}
