package io.keysweep.benchmarks.fuzz;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads what the service has added to its log, and finds secrets, forged lines, and errors with their stack traces. Not
 * safe to share between threads.
 */
final class LogRules {

    private static final Pattern FRAME = Pattern.compile("^\\s+at [\\w.$/@]+\\(");

    /** Matches the beginning of the line that a hostile value would add if it were not escaped. */
    private static final Pattern FORGED = Pattern.compile("^2030-01-01 forged line");

    private final Path log;
    private final AnswerRules secrets;
    private long position;

    LogRules(Path log, AnswerRules secrets) {
        this.log = log;
        this.secrets = secrets;
    }

    /** Returns the problems in the lines that were added since the last call. */
    List<String> problems() throws IOException {
        List<String> problems = new ArrayList<>();
        for (String line : added().split("\n", -1)) {
            secrets.revealed(line).forEach(problem -> problems.add(problem + " in the log: " + line));
            if (line.contains(" ERROR ") || FRAME.matcher(line).find() || FORGED.matcher(line).find()) {
                problems.add("log: " + line);
            }
        }
        return List.copyOf(problems);
    }

    private String added() throws IOException {
        try (InputStream file = Files.newInputStream(log)) {
            file.skipNBytes(position);
            byte[] bytes = file.readAllBytes();
            position += bytes.length;
            return Octets.of(bytes);
        }
    }
}
