package io.keysweep.cli.progress;

import io.keysweep.api.text.Amounts;
import io.keysweep.cli.shell.TextWidth;
import io.keysweep.engine.text.ForeignText;
import java.time.Duration;
import java.util.Locale;

/**
 * Formats the line of a progress bar: percentage, bar, keys, time, and the state of the sweep. On a narrow terminal it
 * leaves out first the time, then the keys, and last the bar.
 */
final class BarLine {

    /** Smallest length of the bar in columns, without its two ends and the blank before it. */
    private static final int MIN_BAR = 6;

    private static final int MAX_BAR = 40;

    /** Columns that a bar needs in addition: a blank before it and its two ends. */
    private static final int BAR_FRAME = 3;

    private BarLine() {}

    /**
     * Returns a line of at most {@code columns} columns. The state of the sweep is cut at its end if it does not fit
     * beside the percentage.
     *
     * @param totalKeys number of keys at the start; 0 if unknown. A sweep may visit more, so the shown number follows
     *     the fraction
     * @param elapsed time since the start
     * @param blocks whether the terminal can show block characters; otherwise the bar consists of ASCII characters
     */
    static String of(ProgressSnapshot progress, long totalKeys, Duration elapsed, int columns, boolean blocks) {
        String percent = String.format(Locale.ROOT, "%3d%%", Amounts.wholePercents(progress.fraction()));
        String keys =
                totalKeys == 0 ? "" : " " + Math.round(progress.fraction() * totalKeys) + "/" + totalKeys + " keys";
        String time = String.format(
                Locale.ROOT, " (%d:%02d:%02d)", elapsed.toHours(), elapsed.toMinutesPart(), elapsed.toSecondsPart());
        String state = " " + ForeignText.line(state(progress));

        // The percentage and the state are always shown; keys and time only if the smallest bar fits beside them.
        int free = columns - percent.length() - TextWidth.of(state);
        String middle = "";
        if (free >= minBar() + keys.length() + time.length()) {
            middle = keys + time;
        } else if (free >= minBar() + keys.length()) {
            middle = keys;
        }
        int barLength = Math.min(MAX_BAR, free - middle.length() - BAR_FRAME);
        return TextWidth.cut(
                percent + (barLength < MIN_BAR ? "" : bar(progress.fraction(), barLength, blocks)) + middle + state,
                columns);
    }

    /**
     * Returns the state of the sweep. During a hold (a time without steps), it is the hold with its reason, else the
     * reclaimed keys, the remaining time and why the sweep is slow.
     */
    private static String state(ProgressSnapshot progress) {
        if (progress.hold() != null) {
            return "held: " + progress.hold();
        }
        return "reclaimed " + Amounts.count(progress.reclaimed())
                + (progress.remaining() == null ? "" : ", ~" + Amounts.roughly(progress.remaining()) + " left")
                + progress.slowdown();
    }

    /** Returns the columns of the smallest bar with its frame. */
    private static int minBar() {
        return MIN_BAR + BAR_FRAME;
    }

    private static String bar(double fraction, int length, boolean blocks) {
        int filledColumns = (int) Math.floor(fraction * length);
        return blocks
                ? " │" + "█".repeat(filledColumns) + " ".repeat(length - filledColumns) + "│"
                : " [" + "=".repeat(filledColumns) + " ".repeat(length - filledColumns) + "]";
    }
}
