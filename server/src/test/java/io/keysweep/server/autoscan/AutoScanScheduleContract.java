package io.keysweep.server.autoscan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.autoscan.Start.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Tests the rules of the DCS user guide for automatic scans over months of simulated time, in a real database.
 *
 * <p>DCS is Huawei Cloud's Distributed Cache Service. A start cannot always happen when it is due, for example while
 * the previous scan runs. It may still happen within the next five minutes, the grace period. After that it is skipped.
 */
abstract class AutoScanScheduleContract extends AutoScanTestCase {

    @Test
    void starts_overNineMonthsWithRestarts_areEveryIntervalFromTheFirst() {
        int days = 279;
        simulation.enable(FIRST_START, DAY);

        // The schedule starts a scan on each day, and the service restarts once a week.
        List<Instant> starts = new ArrayList<>();
        for (int day = 0; day <= days; day++) {
            simulation.runUntil(NOW.plus(DAY.multipliedBy(day)));
            starts.addAll(simulation.takeStarted());
            if (day % 7 == 0) {
                simulation.restart();
            }
        }

        assertThat(starts).hasSize(days);

        for (int day = 0; day < days; day++) {
            assertThat(starts.get(day)).isEqualTo(FIRST_START.plus(DAY.multipliedBy(day)));
        }
        assertThat(simulation.recorded()).hasSize(days).allMatch(start -> start.outcome() == Outcome.STARTED);
    }

    @Test
    void startsAtAnOddInterval_overMonths_doNotDrift() {
        Duration interval = Duration.ofSeconds(50_017);
        Duration fourMonths = Duration.ofDays(120);
        simulation.enable(FIRST_START, interval);
        simulation.runUntil(FIRST_START.plus(fourMonths));
        List<Instant> starts = simulation.takeStarted();

        assertThat(starts).hasSize(1 + (int) fourMonths.dividedBy(interval));
        assertThat(starts.getLast()).isEqualTo(FIRST_START.plus(interval.multipliedBy(starts.size() - 1L)));
    }

    /** The delay before a retry grows with each failure. A start is nevertheless tried at its due time. */
    @Test
    void starts_thatThrowAnException_areTriedInTime() {
        Duration interval = Duration.ofMinutes(4);
        Instant repaired = FIRST_START.plus(interval.multipliedBy(45));
        simulation.breakUntil(repaired);
        simulation.enable(FIRST_START, interval);
        simulation.runUntil(repaired.plus(interval));

        // At first the start is tried again after 3 s and 9 s, later only when the next start is due.
        assertThat(simulation.failures())
                .contains(FIRST_START.plusSeconds(3), FIRST_START.plusSeconds(9))
                .contains(FIRST_START.plus(interval.multipliedBy(30)), FIRST_START.plus(interval.multipliedBy(44)))
                .hasSizeLessThan(60);
        assertThat(simulation.takeStarted()).containsExactly(repaired, repaired.plus(interval));
    }

    /** After many failures, a start is tried only once a minute, because db-scheduler logs a stack trace each time. */
    @Test
    void startsEveryFiveSeconds_thatThrowAnException_areTriedOnceAMinute() {
        Instant repaired = FIRST_START.plus(Duration.ofHours(1));
        simulation.breakUntil(repaired);
        simulation.enable(FIRST_START, Duration.ofSeconds(5));
        simulation.runUntil(repaired.plus(Duration.ofMinutes(1)));

        assertThat(simulation.failures()).hasSizeBetween(60, 70);
        assertThat(simulation.takeStarted()).isNotEmpty();
    }

    /** The recorded reason names all possible causes of a missed start, because the service does not know the cause. */
    @Test
    void start_thatThrowsAnExceptionForMoreThanFiveMinutes_isSkippedWithAReason() {
        simulation.breakUntil(FIRST_START.plus(Duration.ofMinutes(10)));
        simulation.enable(FIRST_START, DAY);
        simulation.runUntil(FIRST_START.plus(DAY));

        assertThat(simulation.takeStarted()).containsExactly(FIRST_START.plus(DAY));
        assertThat(simulation.recorded())
                .filteredOn(start -> start.outcome() == Outcome.SKIPPED)
                .singleElement()
                .satisfies(start -> assertThat(start.reason()).endsWith("or the service had an internal error"));
    }

    @Test
    void start_whosePreviousScanEndsInTheGracePeriod_happensAtItsEnd() {
        // The first scan ends 299 s after the second start is due.
        simulation.setScanDuration(Duration.ofHours(24).plusSeconds(299));
        simulation.enable(FIRST_START, DAY);
        simulation.runUntil(FIRST_START.plus(DAY).plusSeconds(400));

        assertThat(simulation.takeStarted())
                .hasSize(2)
                .last()
                .satisfies(second -> assertThat(second)
                        .isBetween(
                                FIRST_START.plus(DAY).plusSeconds(299),
                                FIRST_START.plus(DAY).plusSeconds(300)));

        // A late start does not move the starts after it.
        simulation.setScanDuration(Duration.ofMinutes(1));
        simulation.runUntil(FIRST_START.plus(DAY.multipliedBy(4)));

        assertThat(simulation.takeStarted())
                .containsExactly(FIRST_START.plus(DAY.multipliedBy(3)), FIRST_START.plus(DAY.multipliedBy(4)));
        assertThat(simulation.recorded())
                .filteredOn(start -> start.outcome() == Outcome.SKIPPED)
                .hasSize(1);
    }

    @Test
    void start_whosePreviousScanEndsAfterTheGracePeriod_isSkipped_withTheReason() {
        // Each scan ends 302 s after the next start is due, so every second start is skipped.
        simulation.setScanDuration(Duration.ofHours(24).plusSeconds(302));
        simulation.enable(FIRST_START, DAY);
        simulation.runUntil(FIRST_START.plus(DAY.multipliedBy(5)));

        assertThat(simulation.takeStarted())
                .containsExactly(
                        FIRST_START, FIRST_START.plus(DAY.multipliedBy(2)), FIRST_START.plus(DAY.multipliedBy(4)));
        assertThat(simulation.recorded())
                .filteredOn(start -> start.outcome() == Outcome.SKIPPED)
                .extracting(Start::dueAt)
                .containsExactly(FIRST_START.plus(DAY.multipliedBy(3)), FIRST_START.plus(DAY));
        assertThat(simulation.recorded())
                .filteredOn(start -> start.outcome() == Outcome.SKIPPED)
                .allSatisfy(start -> assertThat(start.reason()).contains("previous scan"));
    }

    @Test
    void scheduleWithIntervalZero_startsOneScan_andLeavesNoTask() {
        simulation.enable(FIRST_START, Duration.ZERO);
        simulation.runUntil(FIRST_START.plus(Duration.ofDays(100)));

        assertThat(simulation.takeStarted()).containsExactly(FIRST_START);
        assertThat(simulation.storedTasks()).isZero();
    }

    @Test
    void start_whileTheServiceIsDown_happensOnlyWithinTheGracePeriod() {
        simulation.enable(FIRST_START, DAY);

        // The service is up again 10 s before the end of the grace period.
        simulation.stayDownUntil(FIRST_START.plusSeconds(290));
        simulation.runUntil(FIRST_START.plusSeconds(291));
        assertThat(simulation.takeStarted()).containsExactly(FIRST_START.plusSeconds(290));

        // Two days later, the service is up again 1 s after the end of the grace period.
        simulation.stayDownUntil(FIRST_START.plus(DAY.multipliedBy(3)).plusSeconds(301));
        simulation.runUntil(FIRST_START.plus(DAY.multipliedBy(4)));
        assertThat(simulation.takeStarted()).containsExactly(FIRST_START.plus(DAY.multipliedBy(4)));
    }

    @Test
    void change_ofTheSchedule_leadsToExactlyTheStartsOfTheNewConfiguration() {
        simulation.enable(FIRST_START, DAY);
        simulation.runUntil(FIRST_START.plus(Duration.ofHours(60)));

        assertThat(simulation.takeStarted()).hasSize(3);

        // The enabled schedule gets a new first start and interval.
        Instant newFirst = simulation.now().plusSeconds(10);
        Duration interval = Duration.ofHours(7);
        simulation.enable(newFirst, interval);
        simulation.runUntil(newFirst.plus(Duration.ofHours(70)));
        assertThat(simulation.takeStarted()).hasSize(11).first().isEqualTo(newFirst);

        // The schedule is switched off for 30 days.
        simulation.disable();
        simulation.runUntil(simulation.now().plus(Duration.ofDays(30)));
        assertThat(simulation.takeStarted()).isEmpty();
        assertThat(simulation.storedTasks()).isZero();

        // The schedule is switched on again.
        Instant firstAfterTheBreak = simulation.now().plusSeconds(1);
        simulation.enable(firstAfterTheBreak, DAY);
        simulation.runUntil(firstAfterTheBreak.plus(DAY));
        assertThat(simulation.takeStarted()).containsExactly(firstAfterTheBreak, firstAfterTheBreak.plus(DAY));
    }

    @Test
    void change_whileAStartWaitsForThePreviousScan_dropsThatStart() {
        // At the change, the first scan still has 60 s to run, and the second start is due.
        simulation.setScanDuration(Duration.ofHours(24).plusSeconds(120));
        simulation.enable(FIRST_START, DAY);
        simulation.runUntil(FIRST_START.plus(DAY).plusSeconds(60));

        assertThat(simulation.takeStarted()).containsExactly(FIRST_START);

        // The new schedule does not contain the second start.
        Instant newFirst = simulation.now().plus(Duration.ofHours(1));
        simulation.enable(newFirst, DAY);
        simulation.runUntil(newFirst.plusSeconds(1));
        assertThat(simulation.takeStarted()).containsExactly(newFirst);
    }

    @Test
    void startThatIsNotWorthwhile_isSkipped_withTheReason() {
        simulation.setDecision(new StartCheck.StartDecision(/* starts= */ false, "below the threshold: 0.2 %"));
        simulation.enable(FIRST_START, DAY);
        simulation.runUntil(FIRST_START.plus(DAY));

        assertThat(simulation.takeStarted()).isEmpty();
        assertThat(simulation.recorded())
                .hasSize(2)
                .allSatisfy(start -> assertThat(start.reason()).isEqualTo("below the threshold: 0.2 %"));
    }
}
