package io.keysweep.server.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.scan.ScanType;
import io.keysweep.server.window.WindowPolicy.AppliesTo;
import io.keysweep.server.window.WindowPolicy.Outside;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Tests which scans must wait for a window, and when a waiting scan may start.
 *
 * <p>A window is a time of the week when sweeps may run. The spread delays the starts after an opening, each by a
 * different time.
 */
class WindowGateTest {

    private static final UUID ID = UUID.fromString("7f6d2a4e-7d8f-4c53-9a54-2f3a0f0f7a11");
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

    /** The first opening of {@link #NIGHT} after {@link #NOON}. */
    private static final Instant OPENING = Instant.parse("2026-11-24T22:00:00Z");

    /** Windows from 22:00 to 06:00 UTC each night. */
    private static final WeeklyWindows NIGHT = new WeeklyWindows(
            ZoneOffset.UTC,
            List.of(new Window(EnumSet.allOf(DayOfWeek.class), LocalTime.of(22, 0), LocalTime.of(6, 0))),
            List.of());

    /** A spread that is longer than a window. */
    private static final int ONE_DAY_IN_MINUTES = 1_440;

    /** The number of instances whose starts are examined. */
    private static final int INSTANCES = 1_000;

    @Test
    void isOpenTo_manualScan_followsWindowsForAllScansOnly() {
        assertThat(gate(ID, AppliesTo.AUTOMATIC, /* spreadMinutes= */ 0).isOpenTo(ScanType.MANUAL, NOON))
                .isTrue();
        assertThat(gate(ID, AppliesTo.AUTOMATIC, /* spreadMinutes= */ 0).isOpenTo(ScanType.AUTO, NOON))
                .isFalse();
        assertThat(gate(ID, AppliesTo.ALL, /* spreadMinutes= */ 0).isOpenTo(ScanType.MANUAL, NOON))
                .isFalse();
        assertThat(gate(ID, AppliesTo.ALL, /* spreadMinutes= */ 0).isOpenTo(ScanType.MANUAL, OPENING))
                .isTrue();
    }

    @Test
    void earliestStart_withoutSpread_isTheOpening() {
        assertThat(gate(ID, AppliesTo.AUTOMATIC, /* spreadMinutes= */ 0).earliestStart(NOON))
                .contains(OPENING);
        assertThat(gate(ID, AppliesTo.AUTOMATIC, /* spreadMinutes= */ 0).earliestStart(OPENING))
                .contains(OPENING);
    }

    @Test
    void earliestStart_dueBeforeTheWindowsWereSet_isNotBeforeTheyWereSet() {
        WindowGate gate = new WindowGate(ID, WindowPolicy.NONE, /* ofInstance= */ true, NOON);
        assertThat(gate.earliestStart(NOON.minusSeconds(3_600))).contains(NOON);
        assertThat(gate.earliestStart(NOON.plusSeconds(1))).contains(NOON.plusSeconds(1));
    }

    @Test
    void gate_thatIsClosed_reportsTheOwnerAndTheNextOpening() {
        WindowGate gate = gate(ID, AppliesTo.AUTOMATIC, /* spreadMinutes= */ 0);
        assertThat(gate.ownerName()).isEqualTo("the project's windows");
        assertThat(gate.closedReason(NOON)).isEqualTo("closed until 2026-11-24 22:00 UTC");
    }

    @Test
    void spread_ofManyInstances_isEven_andTheSameEachTime() {
        int[] quarters = new int[4];
        for (int i = 0; i < 4 * INSTANCES; i++) {
            // The ids are consecutive, so that they differ in few bits.
            UUID id = new UUID(0x4000L, 0x8000_0000_0000_0000L + i);
            Duration delay =
                    gate(id, AppliesTo.AUTOMATIC, /* spreadMinutes= */ 60).startDelay();

            assertThat(delay)
                    .isEqualTo(gate(id, AppliesTo.AUTOMATIC, /* spreadMinutes= */ 60)
                            .startDelay());
            assertThat(delay).isBetween(Duration.ZERO, Duration.ofMinutes(60).minusMillis(1));

            quarters[(int) (delay.toMinutes() / 15)]++;
        }

        // Each quarter of the hour gets about 1,000 of the 4,000 starts.
        assertThat(quarters).satisfies(counts -> {
            for (int count : counts) {
                assertThat(count).isBetween(900, 1_100);
            }
        });
    }

    @Test
    void spread_afterAnOpening_takesAtMostHalfOfTheWindow() {
        for (int i = 0; i < INSTANCES; i++) {
            Instant start = gate(new UUID(i, -i), AppliesTo.AUTOMATIC, ONE_DAY_IN_MINUTES)
                    .earliestStart(NOON)
                    .orElseThrow();
            assertThat(start).isBetween(OPENING, OPENING.plus(Duration.ofHours(4)));
        }
    }

    /** No check comes between the opening and the end of the delay, because it would start the sweep too early. */
    @Test
    void nextCheck_beforeTheOpening_isNeverInTheDelayAfterIt() {
        for (int i = 0; i < INSTANCES; i++) {
            WindowGate gate = gate(new UUID(i, -i), AppliesTo.AUTOMATIC, ONE_DAY_IN_MINUTES);
            Instant start = gate.earliestStart(NOON).orElseThrow();
            Instant check = NOON.plusSeconds(i);
            while (check.isBefore(OPENING)) {
                Instant next = gate.nextCheck(check);
                assertThat(next).isAfter(check);
                check = next;
            }

            assertThat(check).isEqualTo(start);
        }
    }

    @Test
    void nextCheck_ofWindowsThatNeverOpen_isAQuarterOfAnHourLater() {
        WindowGate gate = new WindowGate(
                ID,
                new WindowPolicy(
                        new WeeklyWindows(
                                ZoneOffset.UTC,
                                List.of(),
                                List.of(new Blackout(LocalDate.of(2026, 1, 1), LocalDate.of(9999, 12, 31)))),
                        Outside.HOLD,
                        AppliesTo.ALL,
                        Duration.ZERO),
                /* ofInstance= */ false,
                Instant.EPOCH);

        assertThat(gate.nextCheck(NOON)).isEqualTo(NOON.plus(Duration.ofMinutes(15)));
    }

    private static WindowGate gate(UUID id, AppliesTo appliesTo, int spreadMinutes) {
        return new WindowGate(
                id,
                new WindowPolicy(NIGHT, Outside.HOLD, appliesTo, Duration.ofMinutes(spreadMinutes)),
                /* ofInstance= */ false,
                Instant.EPOCH);
    }
}
