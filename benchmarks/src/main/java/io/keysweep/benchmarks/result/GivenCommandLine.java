package io.keysweep.benchmarks.result;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Returns the command line that the user has given to a benchmark, so that the result file says how to repeat the run.
 */
public final class GivenCommandLine {

    private GivenCommandLine() {}

    /**
     * Returns the program with all arguments, such as {@code dev/bench quick --rounds 5}.
     *
     * @param program the script that was called, such as {@code dev/bench}
     * @param spec the running picocli command; null if the benchmark was called from code, without a command line
     * @param withoutArguments the text that follows the program if {@code spec} is null, such as {@code quick}
     */
    public static String of(String program, @Nullable CommandSpec spec, String withoutArguments) {
        String arguments = spec == null
                ? withoutArguments
                : String.join(" ", spec.root().commandLine().getParseResult().originalArgs());
        return (program + " " + arguments).strip();
    }
}
