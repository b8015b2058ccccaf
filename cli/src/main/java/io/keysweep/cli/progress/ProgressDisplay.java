package io.keysweep.cli.progress;

import io.keysweep.cli.shell.CommandContext;
import org.jspecify.annotations.Nullable;

/**
 * Shows the progress of a sweep on standard error. The caller calls {@link #begin} first, then the other methods in any
 * order, and {@link #close} last. Announcements may come at any time, and appear above the progress. Any thread may
 * call all methods.
 */
public interface ProgressDisplay extends Announcements, AutoCloseable {

    /** Begins the display of a sweep of about {@code totalKeys} keys; 0 if their number is not known. */
    void begin(long totalKeys);

    /** Shows new progress. May leave out some of many calls, but shows the last progress at the end. */
    void update(ProgressSnapshot snapshot);

    /**
     * Shows that the whole sweep has stopped sending steps for a time, or continues.
     *
     * @param reason reason of the hold, or null if the sweep continues
     */
    void hold(@Nullable String reason);

    /**
     * Shows that some primaries of a cluster have stopped sending steps for a time while others continue. Ends the
     * display of a hold of the whole sweep.
     *
     * @param reason how many are on hold and why, such as "1 of 3 primaries held: …"; null if no primary is on hold
     */
    void holdPart(@Nullable String reason);

    /** Shows the last update and ends the display. A second call shows nothing more. */
    @Override
    void close();

    /**
     * Creates a bar if standard error is a terminal that understands control codes, otherwise a display that writes
     * plain lines.
     */
    static ProgressDisplay of(CommandContext context) {
        return context.errIsTerminal() && !"dumb".equals(context.variable("TERM"))
                ? new BarProgress(context)
                : new PlainProgress(context.err(), context.clock());
    }

    /** Creates a display that shows nothing. */
    static ProgressDisplay silent() {
        return new SilentProgress();
    }
}
