package io.keysweep.cli.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.TestShell;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests when a sweep shows a progress bar and when it prints plain lines, and what the bar contains. */
final class ProgressDisplayTest {

    private final TestShell shell = new TestShell();

    @Test
    void display_onTerminal_isABarThatEndsFull() {
        shell.onTerminal().with("TERM", "xterm");

        show();

        assertThat(shell.err())
                .contains("\r")
                .contains("100%")
                .contains("1000/1000 keys")
                .contains("reclaimed 300");
    }

    @Test
    void display_onTerminal_showsTheSweepsOwnRemainingTime() {
        shell.onTerminal().with("TERM", "xterm");
        try (ProgressDisplay display = ProgressDisplay.of(shell.context())) {
            display.begin(1000);
            display.update(
                    snapshot(/* fraction= */ 0.5, /* visited= */ 505, /* reclaimed= */ 150, Duration.ofHours(3)));
        }

        assertThat(shell.err()).contains("reclaimed 150, ~3 h left");
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 80, 120})
    void display_onTerminal_fitsItsColumns(int columns) {
        shell.onTerminal().with("TERM", "xterm").with("COLUMNS", String.valueOf(columns));
        try (ProgressDisplay display = ProgressDisplay.of(shell.context())) {
            display.begin(123_456_789);
            display.update(snapshot(
                    /* fraction= */ 0.5, /* visited= */ 61_728_394, /* reclaimed= */ 12_345_678, Duration.ofHours(3)));
            display.hold("the server's callers wait 120 ms, which is more than --max-latency 订单 订单 订单 订单 订单");
            display.hold(/* reason= */ null);
        }
        String[] drawings = shell.err().strip().replace("\u001b[K", "").split("\r");

        assertThat(drawings).hasSizeGreaterThan(3).allMatch(drawing -> drawing.length() < columns);
        assertThat(drawings[drawings.length - 1]).startsWith(" 50%").contains("reclaimed 12,345,678");
        assertThat(drawings).anyMatch(drawing -> drawing.contains("held: the server"));
    }

    @Test
    void display_inPipe_isPlain() {
        show();

        assertThat(shell.err()).doesNotContain("\r").doesNotContain("\u001b").contains("100 %");
    }

    @Test
    void display_onDumbTerminal_isPlain() {
        shell.onTerminal().with("TERM", "dumb");

        show();

        assertThat(shell.err()).doesNotContain("\r");
    }

    @Test
    void announcement_whileTheBarIsShown_hasALineOfItsOwnAboveTheBar() {
        shell.onTerminal().with("TERM", "xterm");
        try (ProgressDisplay display = ProgressDisplay.of(shell.context())) {
            display.say("before the bar");
            display.begin(1000);
            display.say("10.0.0.1:6379 is done");
        }

        assertThat(shell.err())
                .startsWith("before the bar\n\r  0%")
                .contains("\u001b[K\r\u001b[K10.0.0.1:6379 is done\n\r  0%");
    }

    @Test
    void announcement_silentDisplay_isNotShown() {
        try (ProgressDisplay display = ProgressDisplay.silent()) {
            display.say("10.0.0.1:6379 is done");
        }
        assertThat(shell.err()).isEmpty();
    }

    private static ProgressSnapshot snapshot(
            double fraction, long visited, long reclaimed, @Nullable Duration remaining) {
        return new ProgressSnapshot(
                fraction,
                visited,
                reclaimed,
                /* longestStall= */ Duration.ofMillis(1),
                remaining,
                /* slowed= */ null,
                /* hold= */ null);
    }

    /** Shows the progress of a sweep from its beginning to its end. */
    private void show() {
        try (ProgressDisplay display = ProgressDisplay.of(shell.context())) {
            display.begin(1000);
            display.update(
                    snapshot(/* fraction= */ 1, /* visited= */ 1010, /* reclaimed= */ 300, /* remaining= */ null));
        }
    }
}
