package io.keysweep.cli.progress;

import io.keysweep.cli.shell.Shell;
import org.jspecify.annotations.Nullable;

/**
 * Shows on the error stream how a sweep goes. Used from one thread: {@link #begin} once, then the rest in any order.
 */
public interface ProgressDisplay extends AutoCloseable {

    /** A sweep of about so many keys begins. */
    void begin(long totalKeys);

    /** It stands there now. */
    void update(ProgressSnapshot snapshot);

    /** It rests for this reason, or goes on if null. */
    void hold(@Nullable String reason);

    /** No more updates will come: shows the last one. */
    @Override
    void close();

    /** The display that fits the error stream. */
    static ProgressDisplay of(Shell shell) {
        // Checked here because the library writes control codes whatever the stream is.
        return shell.errIsTerminal() && !"dumb".equals(shell.variable("TERM"))
                ? new BarProgress(shell.err())
                : new PlainProgress(shell.err(), shell.clock());
    }

    /** Shows nothing. */
    static ProgressDisplay silent() {
        return new SilentProgress();
    }
}
