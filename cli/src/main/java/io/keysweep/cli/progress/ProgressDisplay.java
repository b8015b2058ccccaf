package io.keysweep.cli.progress;

import io.keysweep.cli.shell.CommandContext;
import org.jspecify.annotations.Nullable;

/**
 * Shows the progress of a sweep on the error stream. One thread uses it: it calls {@link #begin} first, then the other
 * methods in any order.
 */
public interface ProgressDisplay extends AutoCloseable {

    /** Begins the display of a sweep of about {@code totalKeys} keys. */
    void begin(long totalKeys);

    /** Shows new progress. */
    void update(ProgressSnapshot snapshot);

    /** Shows that the sweep is on hold for this reason, or that it goes on if {@code reason} is null. */
    void hold(@Nullable String reason);

    /** Shows the last update and ends the display. */
    @Override
    void close();

    /** Creates a bar if the error stream is a terminal, otherwise a display that writes plain lines. */
    static ProgressDisplay of(CommandContext context) {
        // The progress bar library itself writes control codes to any stream.
        return context.errIsTerminal() && !"dumb".equals(context.variable("TERM"))
                ? new BarProgress(context.err())
                : new PlainProgress(context.err(), context.clock());
    }

    /** Creates a display that shows nothing. */
    static ProgressDisplay silent() {
        return new SilentProgress();
    }
}
