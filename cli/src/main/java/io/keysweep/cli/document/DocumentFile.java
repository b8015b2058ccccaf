package io.keysweep.cli.document;

import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.InputFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Holds a document that was read from a file or from standard input. It is written in YAML 1.2, which includes JSON.
 *
 * @param name name of the document in messages
 * @param folder folder that paths in the document are relative to
 * @param json the document as a JSON tree
 * @param lines the line of each field, by the field's path such as {@code instances[0].uri}
 */
public record DocumentFile(String name, Path folder, JsonNode json, Map<String, Integer> lines) {

    /** Name that stands for standard input instead of a file. */
    public static final String STANDARD_INPUT = "-";

    /**
     * Reads a document.
     *
     * @param file path of a file, or {@link #STANDARD_INPUT}
     * @throws CommandFailure if the file cannot be read, or is neither YAML nor JSON; the message has the line
     */
    public static DocumentFile read(CommandContext context, String file) {
        if (file.equals(STANDARD_INPUT)) {
            return of("standard input", Path.of(""), input(context));
        }
        Path path = Path.of(file);
        Path folder = path.toAbsolutePath().getParent();
        return of(file, folder == null ? path : folder, InputFile.text(path));
    }

    static DocumentFile of(String name, Path folder, String text) {
        YamlReader reader = new YamlReader(name);
        return new DocumentFile(name, folder, reader.read(text), reader.lines());
    }

    private static String input(CommandContext context) {
        try {
            return new String(context.in().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.USAGE, "standard input cannot be read", e);
        }
    }

    /** Returns the sentence after the document's name and the line of the field: {@code fleet.yaml:3: …}. */
    public String at(String field, String sentence) {
        Integer line = line(field);
        return (line == null ? name : name + ":" + line) + ": " + sentence;
    }

    /**
     * Creates the failure for a document with problems.
     *
     * @param problems at least one, each with its line, see {@link #at}
     */
    public static CommandFailure refused(List<String> problems) {
        return new CommandFailure(
                ExitCode.USAGE,
                problems.size() == 1
                        ? problems.getFirst()
                        : problems.size() + " problems, so nothing was changed:\n  " + String.join("\n  ", problems));
    }

    /** Returns the line of the field or, if the field is missing, of the innermost field that would contain it. */
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
