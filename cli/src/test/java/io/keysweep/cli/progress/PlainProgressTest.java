package io.keysweep.cli.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.TestShell;
import io.keysweep.testkit.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Tests when a sweep prints progress lines if standard error is not a terminal. */
final class PlainProgressTest {

    /** A snapshot with a bit more than two minutes left. */
    private static final ProgressSnapshot HALF_DONE = new ProgressSnapshot(
            /* fraction= */ 0.5,
            /* visited= */ 5,
            /* reclaimed= */ 5,
            /* longestStall= */ Duration.ZERO,
            /* remaining= */ Duration.ofSeconds(125),
            /* slowed= */ null,
            /* hold= */ null);

    private final TestShell shell = new TestShell();
    private final ManualClock clock = new ManualClock();
    private final PlainProgress progress = new PlainProgress(shell.context().err(), clock);

    @Test
    void update_everySecond_isPrintedEveryFiveSeconds() {
        for (int second = 0; second <= 12; second++) {
            progress.update(snapshot(second));
            clock.advance(Duration.ofSeconds(1));
        }

        assertThat(shell.err().lines())
                .containsExactly(
                        "0 %, visited 0, reclaimed 0, longest stall 1.5 ms",
                        "5 %, visited 5,000, reclaimed 500, longest stall 1.5 ms",
                        "10 %, visited 10,000, reclaimed 1,000, longest stall 1.5 ms");
    }

    @Test
    void close_lastUpdateNotPrinted_printsIt() {
        progress.update(snapshot(1));
        progress.update(snapshot(2));
        progress.close();

        assertThat(shell.err().lines()).hasSize(2).last().asString().startsWith("2 %, visited 2,000");
    }

    @Test
    void close_lastAlreadyPrinted_addsNothing() {
        progress.update(snapshot(1));
        progress.close();
        progress.close();

        assertThat(shell.err().lines()).hasSize(1);
    }

    @Test
    void hold_beginOrEnd_isPrintedImmediately() {
        progress.update(snapshot(1));
        progress.hold("server unreachable");
        progress.hold(/* reason= */ null);

        assertThat(shell.err().lines()).hasSize(3).element(1).asString().endsWith(", held: server unreachable");
    }

    @Test
    void hold_ended_showsNoRemainingTimeFromBefore() {
        progress.update(HALF_DONE);
        progress.hold("paused by ann");
        progress.hold(/* reason= */ null);

        assertThat(shell.err().lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("2 min left"),
                        line -> assertThat(line).endsWith("longest stall 0.0 ms, held: paused by ann"),
                        line -> assertThat(line).doesNotContain("left"));
    }

    @Test
    void hold_ofOnePrimary_showsThatTheOthersContinue() {
        progress.update(HALF_DONE);
        progress.holdPart("1 of 3 primaries held: a:1: reconnecting");

        assertThat(shell.err().strip()).endsWith("about 2 min left, 1 of 3 primaries held: a:1: reconnecting");
    }

    @Test
    void update_knownRemainingTime_isRounded() {
        progress.update(HALF_DONE);
        assertThat(shell.err().strip()).endsWith("longest stall 0.0 ms, about 2 min left");
    }

    @Test
    void lines_anyUpdate_haveNoControlCodes() {
        progress.update(snapshot(1));

        assertThat(shell.err().replace(System.lineSeparator(), "")).matches("\\P{Cntrl}*");
    }

    /** Returns a snapshot with 1,000 visited and 100 reclaimed keys for each percent, and no remaining time. */
    private static ProgressSnapshot snapshot(int percent) {
        return new ProgressSnapshot(
                percent / 100.0,
                /* visited= */ percent * 1000L,
                /* reclaimed= */ percent * 100L,
                /* longestStall= */ Duration.ofNanos(1_500_000),
                /* remaining= */ null,
                /* slowed= */ null,
                /* hold= */ null);
    }
}
