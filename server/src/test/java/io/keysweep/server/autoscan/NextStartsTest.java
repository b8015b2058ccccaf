package io.keysweep.server.autoscan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.window.TestGates;
import io.keysweep.server.window.WindowGate;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Tests when the next automatic scan starts if the instance has windows.
 *
 * <p>Windows are times of the week when sweeps may run. Outside of them, sweeps are held or end.
 */
final class NextStartsTest {

    private static final UUID ID = UUID.randomUUID();

    /** Noon on a Tuesday. */
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

    private static final AutoScanConfig EVERY_SIX_HOURS = schedule(NOON, Duration.ofHours(6), /* lastDue= */ null);

    @Test
    void next_outsideWindowsThatHoldSweeps_isTheNextOpening() {
        assertThat(NextStarts.next(EVERY_SIX_HOURS, thursdays("hold"), NOON))
                .contains(Instant.parse("2026-11-26T05:00:00Z"));
    }

    @Test
    void next_outsideWindowsThatEndSweeps_isTheFirstStartInsideThem() {
        assertThat(NextStarts.next(EVERY_SIX_HOURS, thursdays("end"), NOON))
                .contains(Instant.parse("2026-11-26T06:00:00Z"));
    }

    @Test
    void next_ofASingleStartOutsideWindowsThatEndSweeps_isNone() {
        AutoScanConfig once = schedule(NOON.plusSeconds(60), Duration.ZERO, /* lastDue= */ null);
        assertThat(NextStarts.next(once, thursdays("end"), NOON)).isEmpty();
    }

    @Test
    void next_ofAShortIntervalBeforeARareWindow_isTheNextOpening() {
        AutoScanConfig everyMinute = schedule(NOON, Duration.ofMinutes(1), /* lastDue= */ null);
        assertThat(NextStarts.next(everyMinute, thursdays("end"), NOON.plus(Duration.ofDays(3))))
                .contains(Instant.parse("2026-12-03T05:00:00Z"));
    }

    @Test
    void next_ofStartsThatAreAlwaysOutsideWindowsThatEndSweeps_isNone() {
        AutoScanConfig noons = schedule(NOON, Duration.ofHours(24), /* lastDue= */ null);
        assertThat(NextStarts.next(noons, thursdays("end"), NOON)).isEmpty();
    }

    /** A start that is due on Wednesday takes place when the window opens on Thursday, and not a week later. */
    @Test
    void next_whileAStartWaitsForTheOpening_isTheOpening() {
        Instant wednesdayNoon = NOON.plus(Duration.ofDays(1));
        Instant thursdayMorning = Instant.parse("2026-11-26T04:00:00Z");
        AutoScanConfig noons = schedule(NOON, Duration.ofHours(24), /* lastDue= */ NOON);

        assertThat(NextStarts.next(noons, thursdays("hold"), thursdayMorning))
                .contains(Instant.parse("2026-11-26T05:00:00Z"));
        assertThat(NextStarts.next(noons.withLastDue(wednesdayNoon), thursdays("hold"), thursdayMorning))
                .as("the start of Wednesday is done")
                .contains(Instant.parse("2026-12-03T05:00:00Z"));
        assertThat(NextStarts.next(noons, thursdays("hold"), Instant.parse("2026-11-26T05:00:00Z")))
                .as("the start of Wednesday begins now")
                .contains(Instant.parse("2026-12-03T05:00:00Z"));
    }

    /**
     * Returns an enabled schedule that was set at noon.
     *
     * @param interval time between two starts; zero for a single start
     * @param lastDue the latest start that was due and is done, or null
     */
    private static AutoScanConfig schedule(Instant firstScanAt, Duration interval, @Nullable Instant lastDue) {
        return new AutoScanConfig(
                ID,
                /* enabled= */ true,
                firstScanAt,
                interval,
                /* timeout= */ Duration.ofHours(48),
                /* scanKeysCount= */ 100,
                /* version= */ 1,
                lastDue,
                /* updatedAt= */ NOON);
    }

    /** Returns windows on Thursdays from 05:00 to 07:00 UTC; {@code outside} says what sweeps do at other times. */
    private static WindowGate thursdays(String outside) {
        return TestGates.of(
                ID,
                "{\"outside\":\"" + outside
                        + "\",\"windows\":[{\"days\":[\"thursday\"],\"from\":\"05:00\",\"until\":\"07:00\"}]}");
    }
}
