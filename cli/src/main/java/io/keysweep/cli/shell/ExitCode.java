package io.keysweep.cli.shell;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** What the exit code of every command means. */
public enum ExitCode {
    /** Everything that was asked for has been done. */
    DONE(0, "done"),
    /** Our fault, or a check of ours did not hold. */
    FAILED(1, "failed unexpectedly, or a check did not hold"),
    /** The command line, a file or a value is wrong. */
    USAGE(2, "wrong usage or bad input"),
    /** No server there that can answer now. */
    UNREACHABLE(3, "server unreachable, still loading, or not what it should be"),
    /** The server does not let us in, or not do that. */
    DENIED(4, "credentials or permission refused"),
    /** The server is there but can't be swept. */
    NOT_SWEEPABLE(5, "cannot be swept: too old, a replica, reclaims nothing, or suffers too much"),
    /** The time limit came first. */
    TIMED_OUT(6, "timed out; what was reclaimed by then is counted"),
    /** SIGINT, SIGTERM or a cancel came first; 128 + SIGINT by convention. */
    INTERRUPTED(130, "interrupted or cancelled; what was reclaimed by then is counted");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    /** What the process exits with. */
    public int number() {
        return number;
    }

    /** All codes with their meaning, in rising order, for help texts. */
    public static Map<String, String> meanings() {
        return Arrays.stream(values())
                .collect(Collectors.toMap(
                        code -> String.format("%3d", code.number),
                        code -> code.meaning,
                        (first, second) -> first,
                        LinkedHashMap::new));
    }
}
