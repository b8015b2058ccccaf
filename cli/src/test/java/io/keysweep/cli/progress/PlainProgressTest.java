package io.keysweep.cli.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.TestShell;
import io.keysweep.testkit.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Tests when a sweep prints progress lines if standard error is not a terminal. */
final class PlainProgressTest {

    private final TestShell world = new TestShell();
    private final ManualClock clock = new ManualClock();
    private final PlainProgress progress = new PlainProgress(world.context().err(), clock);

    @Test
    void update_manyWithinSeconds_printsFirstThenOneEveryFive() {
        for (int second = 0; second <= 12; second++) {
            progress.update(snapshot(second));
            clock.advance(Duration.ofSeconds(1));
        }

        assertThat(world.err().lines())
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

        assertThat(world.err().lines()).hasSize(2).last().asString().startsWith("2 %, visited 2,000");
    }

    @Test
    void close_lastAlreadyPrinted_addsNothing() {
        progress.update(snapshot(1));
        progress.close();
        progress.close();

        assertThat(world.err().lines()).hasSize(1);
    }

    @Test
    void hold_beganAndEnded_isPrintedAtOnce() {
        progress.update(snapshot(1));
        progress.hold("server unreachable");
        progress.hold(null);

        assertThat(world.err().lines()).hasSize(3).element(1).asString().endsWith(", held: server unreachable");
    }

    @Test
    void hold_beganAndEnded_hasNoRemainingTimeFromBefore() {
        progress.update(new ProgressSnapshot(0.5, 5, 5, Duration.ZERO, Duration.ofSeconds(125), null, null));
        progress.hold("paused by ann");
        progress.hold(null);

        assertThat(world.err().lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("2 min left"),
                        line -> assertThat(line).endsWith("longest stall 0.0 ms, held: paused by ann"),
                        line -> assertThat(line).doesNotContain("left"));
    }

    @Test
    void holdPart_showsThatTheOthersGoOn() {
        progress.update(new ProgressSnapshot(0.5, 5, 5, Duration.ZERO, Duration.ofSeconds(125), null, null));
        progress.holdPart("1 of 3 primaries held: a:1: reconnecting");

        assertThat(world.err().strip()).endsWith("about 2 min left, 1 of 3 primaries held: a:1: reconnecting");
    }

    @Test
    void update_knownRemainingTime_isRounded() {
        progress.update(new ProgressSnapshot(0.5, 5, 5, Duration.ZERO, Duration.ofSeconds(125), null, null));
        assertThat(world.err().strip()).endsWith("longest stall 0.0 ms, about 2 min left");
    }

    @Test
    void lines_anyUpdate_haveNoControlCodes() {
        progress.update(snapshot(1));

        assertThat(world.err().replace(System.lineSeparator(), "")).matches("\\P{Cntrl}*");
    }

    private static ProgressSnapshot snapshot(int percent) {
        return new ProgressSnapshot(
                percent / 100.0, percent * 1000L, percent * 100L, Duration.ofNanos(1_500_000), null, null, null);
    }
}
