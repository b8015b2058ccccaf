package io.keysweep.cli.document;

import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.InputFile;
import io.keysweep.cli.shell.Shell;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A document of YAML 1.2, and so of JSON, as it stands in a file or came in on standard input.
 *
 * @param name what it is called in messages
 * @param folder what paths in it are relative to
 * @param json the document
 * @param lines the line of each field, by its path such as {@code instances[0].uri}
 */
public record DocumentFile(String name, Path folder, JsonNode json, Map<String, Integer> lines) {

    /** What stands for standard input in place of a file's name. */
    public static final String STANDARD_INPUT = "-";

    /**
     * Reads it.
     *
     * @throws CommandFailure if it cannot be read, or is neither YAML nor JSON; names the line
     */
    public static DocumentFile read(Shell shell, String file) {
        if (file.equals(STANDARD_INPUT)) {
            return of("standard input", Path.of(""), input(shell));
        }
        Path path = Path.of(file);
        Path folder = path.toAbsolutePath().getParent();
        return of(file, folder == null ? path : folder, InputFile.text(path));
    }

    static DocumentFile of(String name, Path folder, String text) {
        YamlReader reader = new YamlReader(name);
        return new DocumentFile(name, folder, reader.read(text), reader.lines());
    }

    private static String input(Shell shell) {
        try {
            return new String(shell.in().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.USAGE, "standard input cannot be read", e);
        }
    }

    /** What is said of a field, after the place where it stands. */
    public String at(String field, String sentence) {
        Integer line = line(field);
        return (line == null ? name : name + ":" + line) + ": " + sentence;
    }

    /**
     * What is wrong with the document.
     *
     * @param problems each with its place; one at least
     */
    public static CommandFailure refused(List<String> problems) {
        return new CommandFailure(
                ExitCode.USAGE,
                problems.size() == 1
                        ? problems.getFirst()
                        : problems.size() + " problems, so that nothing was changed:\n  "
                                + String.join("\n  ", problems));
    }

    /** That of the field itself, else of what it would stand in. */
    private @Nullable Integer line(String field) {
        String path = field;
        while (true) {
            Integer line = lines.get(path);
            int dot = path.lastIndexOf('.');
            int bracket = path.lastIndexOf('[');
            if (line != null || Math.max(dot, bracket) <= 0) {
                return line;
            }
            path = path.substring(0, Math.max(dot, bracket));
        }
    }
}
