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
 * When sweeps may run: in the windows of the week, at any time where there are none, and never in a blackout. The wall
 * clock of the zone decides. So an hour that the clocks skip in spring is in no window, and one that they repeat in
 * autumn is in its window twice. Pure and immutable.
 *
 * @param zone whose wall clock it is
 * @param windows of the week; none is all the time
 * @param blackouts days without sweeps
 */
record WeeklyWindows(ZoneId zone, List<Window> windows, List<Blackout> blackouts) {

    /** At any time. */
    static final WeeklyWindows ALWAYS = new WeeklyWindows(ZoneOffset.UTC, List.of(), List.of());

    /** A week, the day before it and the change of the clocks: whatever opens or closes at all does so within. */
    private static final int DAYS_AHEAD = 16;

    WeeklyWindows {
        windows = List.copyOf(windows);
        blackouts = List.copyOf(blackouts);
    }

    /** Whether sweeps may run at that moment. */
    boolean openAt(Instant moment) {
        LocalDateTime wallClock = LocalDateTime.ofInstant(moment, zone);
        return blackouts.stream().noneMatch(blackout -> blackout.contains(wallClock.toLocalDate()))
                && (windows.isEmpty() || windows.stream().anyMatch(window -> window.contains(wallClock)));
    }

    /** The next moment after {@code now} that is open where the moment before is not; empty if there is none. */
    Optional<Instant> nextOpening(Instant now) {
        return next(now, /* opening= */ true);
    }

    /** The next moment after {@code now} that is closed where the moment before is not; empty if there is none. */
    Optional<Instant> nextClosing(Instant now) {
        return next(now, /* opening= */ false);
    }

    private Optional<Instant> next(Instant now, boolean opening) {
        boolean open = openAt(now);
        Instant last = now;
        // What the windows do repeats itself within the days ahead; only blackouts go on beyond them.
        for (Instant from : searchedFrom(now)) {
            for (Instant change : changes(from).tailSet(last, /* inclusive= */ false)) {
                boolean then = openAt(change);
                if (then == opening && open != opening) {
                    return Optional.of(change);
                }
                open = then;
                last = change;
            }
        }
        return Optional.empty();
    }

    private TreeSet<Instant> searchedFrom(Instant now) {
        TreeSet<Instant> moments = new TreeSet<>();
        moments.add(now);
        for (Blackout blackout : blackouts) {
            moments.add(blackout.first().atStartOfDay(zone).toInstant());
            moments.add(blackout.last().plusDays(1).atStartOfDay(zone).toInstant());
        }
        return new TreeSet<>(moments.tailSet(now));
    }

    /** Every moment of the days after {@code from} at which something may change, in order. */
    private TreeSet<Instant> changes(Instant from) {
        TreeSet<Instant> moments = new TreeSet<>();
        LocalDate today = LocalDate.ofInstant(from, zone);
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
        Instant end = from.plus(Duration.ofDays(DAYS_AHEAD));
        Optional<ZoneOffsetTransition> transition = transitionAfter(from.minus(Duration.ofDays(1)));
        while (transition.isPresent() && transition.get().getInstant().isBefore(end)) {
            moments.add(transition.get().getInstant());
            transition = transitionAfter(transition.get().getInstant());
        }
        return moments;
    }

    /** A time that the clocks show twice is two moments; one that they skip is none, but the skip is one by itself. */
    private void addAll(TreeSet<Instant> moments, LocalDateTime wallClock) {
        for (ZoneOffset offset : zone.getRules().getValidOffsets(wallClock)) {
            moments.add(wallClock.toInstant(offset));
        }
    }

    private Optional<ZoneOffsetTransition> transitionAfter(Instant moment) {
        return Optional.ofNullable(zone.getRules().nextTransition(moment));
    }
}
