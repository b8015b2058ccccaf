package io.keysweep.cli.progress;

import io.keysweep.api.text.Amounts;
import io.keysweep.engine.text.ForeignText;
import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Shows the progress of a sweep as a bar on a terminal, and draws the same line again for each update. */
final class BarProgress implements ProgressDisplay {

    private static final int REDRAW_MILLIS = 100;

    private final PrintStream err;
    private @Nullable ProgressBar bar;
    private long totalKeys;
    private ProgressSnapshot last = ProgressSnapshot.START;

    BarProgress(PrintStream err) {
        this.err = err;
    }

    @Override
    public void begin(long totalKeys) {
        close();
        // The library treats a total of 0 as unknown.
        this.totalKeys = Math.max(1, totalKeys);
        bar = ProgressBar.builder()
                .setTaskName("sweeping")
                .setInitialMax(this.totalKeys)
                .setUnit(" keys", 1)
                .setStyle(
                        err.charset().newEncoder().canEncode('█')
                                ? ProgressBarStyle.UNICODE_BLOCK
                                : ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(REDRAW_MILLIS)
                .continuousUpdate()
                // The library's own estimate includes the time on hold.
                .hideEta()
                .setConsumer(new ConsoleProgressBarConsumer(err))
                .build();
    }

    @Override
    public void update(ProgressSnapshot snapshot) {
        last = snapshot;
        if (bar != null) {
            // A sweep may visit more keys than there were at its start, so the bar follows the fraction.
            bar.stepTo(Math.round(snapshot.fraction() * totalKeys));
            bar.setExtraMessage(ForeignText.line(message(snapshot)));
        }
    }

    private static String message(ProgressSnapshot snapshot) {
        if (snapshot.hold() != null) {
            return " held: " + snapshot.hold();
        }
        return " reclaimed " + Amounts.count(snapshot.reclaimed())
                + (snapshot.remaining() == null ? "" : ", ~" + Amounts.roughly(snapshot.remaining()) + " left")
                + (snapshot.slowed() == null ? "" : ", slowed " + snapshot.slowed());
    }

    @Override
    public void hold(@Nullable String reason) {
        update(last.withHold(reason));
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
