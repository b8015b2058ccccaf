package io.keysweep.engine.sweep;

import io.keysweep.engine.link.Command;
import java.util.List;

/**
 * Reads the arguments of a step, which a sweep sends to a {@link SimulatedServer} as the EVAL of a script.
 *
 * @param cursor the cursor at which the step begins
 * @param count the COUNT of the step, which is about the number of keys to visit
 * @param notAfter the latest start by the server's clock, µs since 1970; 0 for any time
 * @param turnBegins the beginning of the turn by the server's clock, µs since 1970; ignored if the end is 0
 * @param turnEnds the end of the turn by the server's clock, µs since 1970; 0 for any time
 */
record SimulatedStep(long cursor, int count, long notAfter, long turnBegins, long turnEnds) {

    // The positions of the script's arguments in the command; the name, the script and the number of keys precede them.
    private static final int CURSOR_WORD = 3;
    private static final int COUNT_WORD = 4;
    private static final int NOT_AFTER_WORD = 9;
    private static final int TURN_BEGINS_WORD = 10;
    private static final int TURN_ENDS_WORD = 11;

    /** Returns whether a command is a step, and not a probe or the script that returns the number of keys. */
    static boolean isStep(Command command) {
        return command.name().equals("EVAL")
                && command.words().size() > CURSOR_WORD
                && !command.words().contains("probe");
    }

    /** Reads the arguments of a command that is a step. */
    static SimulatedStep of(Command command) {
        List<String> words = command.words();
        return new SimulatedStep(
                Long.parseUnsignedLong(words.get(CURSOR_WORD)),
                Integer.parseInt(words.get(COUNT_WORD)),
                Long.parseLong(words.get(NOT_AFTER_WORD)),
                Long.parseLong(words.get(TURN_BEGINS_WORD)),
                Long.parseLong(words.get(TURN_ENDS_WORD)));
    }

    /** Returns whether the step must not start at a time, because its latest start is over. */
    boolean isLateAt(long micros) {
        return notAfter != 0 && micros > notAfter;
    }

    /** Returns whether the reply contains the time at which the step started. */
    boolean reportsStart() {
        return notAfter != 0 && turnEnds != 0;
    }

    /** Returns whether the step must not start at a time, because it is not the step's turn. */
    boolean missesTurnAt(long micros) {
        return turnEnds != 0 && (micros > turnEnds || micros < turnBegins);
    }
}
