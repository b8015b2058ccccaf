package io.keysweep.benchmarks.fuzz;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads the lines that the service has added to its log, and finds secrets, forged lines, and errors with their stack
 * traces. Not safe to share between threads.
 */
final class LogRules {

    /** Matches a line of a stack trace. */
    private static final Pattern FRAME = Pattern.compile("^\\s+at [\\w.$/@]+\\(");

    /** Matches the beginning of the line that a hostile value would add if it were not escaped. */
    private static final Pattern FORGED = Pattern.compile("^2030-01-01 forged line");

    /** Matches the beginning of an entry; other lines belong to the entry before. */
    private static final Pattern ENTRY = Pattern.compile("^\\d{4}-\\d\\d-\\d\\dT");

    /** The number of lines of an entry that a problem shows at most. */
    private static final int MAX_LINES = 12;

    private final Path log;
    private final AnswerRules secrets;
    private long position;

    /**
     * Creates the rules.
     *
     * @param position the number of bytes at the beginning of the log that are not checked, because the first start
     *     shows the secret key of the administrator there
     * @param secrets finds secrets in a text
     */
    LogRules(Path log, long position, AnswerRules secrets) {
        this.log = log;
        this.position = position;
        this.secrets = secrets;
    }

    /** Returns the problems in the entries that were added since the last call, one for each entry. */
    List<String> problems() throws IOException {
        List<String> problems = new ArrayList<>();
        List<String> entry = new ArrayList<>();
        for (String line : readAdded().split("\n", -1)) {
            if (ENTRY.matcher(line).find()) {
                check(entry, problems);
                entry.clear();
            }
            entry.add(line);
        }
        check(entry, problems);
        return List.copyOf(problems);
    }

    /** Adds a problem if an entry of the log shows a secret or a failure. */
    private void check(List<String> entry, List<String> problems) {
        String text = entry.stream().limit(MAX_LINES).collect(Collectors.joining("\n"));
        entry.stream()
                .flatMap(line -> secrets.revealedSecrets(line).stream())
                .distinct()
                .forEach(problem -> problems.add(problem + " in the log: " + text));
        boolean failed = entry.stream()
                .anyMatch(line ->
                        FRAME.matcher(line).find() || FORGED.matcher(line).find());
        if (failed || text.lines().anyMatch(line -> line.contains(" ERROR "))) {
            problems.add("log: " + text);
        }
    }

    /** Reads what the service has added to its log since the last call. */
    private String readAdded() throws IOException {
        try (InputStream file = Files.newInputStream(log)) {
            file.skipNBytes(position);
            byte[] bytes = file.readAllBytes();
            position += bytes.length;
            return Octets.of(bytes);
        }
    }
}
