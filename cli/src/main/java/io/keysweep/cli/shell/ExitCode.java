package io.keysweep.cli.shell;

import io.keysweep.engine.topology.NodeRefusedException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Lists the exit codes of {@code keysweep} with their meanings; every command uses the same codes. */
public enum ExitCode {
    /** The command has done everything that the user asked for. */
    DONE(0, "done"),
    /** The command failed because of a bug, or a check found a fault. */
    FAILED(1, "failed unexpectedly, or a check found a fault"),
    /** The command line, a file or a value is wrong. */
    USAGE(2, "wrong usage or bad input"),
    /** No server or service of the expected kind can answer now. */
    UNREACHABLE(3, "server unreachable, still loading, or not of the expected kind; service busy"),
    /** The server refuses the credentials, or does not allow the user to run a command. */
    DENIED(4, "credentials or permission refused"),
    /** The server may not or cannot be swept, for example because its address is denied or it is a replica. */
    NOT_SWEEPABLE(
            5,
            "server cannot be swept: too old, a replica, reclaims nothing, overloaded, or not every key can be reached"),
    /** The time limit of the user ended the work before it was complete. */
    TIMED_OUT(6, "timed out; the keys reclaimed by then are counted"),
    /**
     * A signal or a cancel ended the command, or the user did not confirm it. 130 is the usual number for Ctrl-C: 128
     * plus 2, the number of SIGINT.
     */
    INTERRUPTED(130, "interrupted or cancelled; the keys reclaimed by then are counted");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    /** Returns the exit code of a command that ends with this exception; {@link #FAILED} for one that is a bug. */
    public static ExitCode of(Exception failure) {
        return switch (failure) {
            case CommandFailure expected -> expected.exitCode();
            case NodeRefusedException refused -> of(refused.reason());
            case InterruptedException interrupted -> INTERRUPTED;
            default -> FAILED;
        };
    }

    /** Returns the exit code of a command that a server refuses for this reason. */
    public static ExitCode of(NodeRefusedException.Reason reason) {
        return switch (reason) {
            case UNREACHABLE, NOT_REDIS, OTHER_DEPLOYMENT, TOPOLOGY_UNCLEAR, LOADING -> UNREACHABLE;
            case AUTHENTICATION_REQUIRED, WRONG_CREDENTIALS, COMMAND_FORBIDDEN -> DENIED;
            case ADDRESS_DENIED,
                    REPLICA,
                    REPLICA_WITHOUT_PRIMARY,
                    HANDED_OVER,
                    TOO_OLD,
                    NOT_RECLAIMING,
                    NOT_COVERABLE,
                    OVERLOADED -> NOT_SWEEPABLE;
        };
    }

    /** Returns the number with which the process exits. */
    public int number() {
        return number;
    }

    /**
     * Returns the meanings of all codes by number, in ascending order, for help texts. Numbers are padded to three
     * characters.
     */
    public static Map<String, String> meanings() {
        return Arrays.stream(values())
                .collect(Collectors.toMap(
                        code -> String.format(Locale.ROOT, "%3d", code.number),
                        code -> code.meaning,
                        (first, second) -> first,
                        LinkedHashMap::new));
    }
}
