package io.keysweep.cli.progress;

/**
 * Shows the user messages about a running sweep, one on each line, for example that another process has paused it. Any
 * thread may call it.
 */
@FunctionalInterface
public interface Announcements {

    /** Shows one line; {@code line} has no line end. */
    void say(String line);
}
