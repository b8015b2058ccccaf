package io.keysweep.cli.progress;

/** Shows the user sentences about a sweep, one on each line, beside its progress. */
@FunctionalInterface
public interface Announcements {

    /** Shows one line. */
    void say(String line);
}
