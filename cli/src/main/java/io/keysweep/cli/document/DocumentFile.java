package io.keysweep.cli.document;

import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.InputFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Provides a YAML 1.2 or JSON document that the user has written, with the line of each field for error messages.
 *
 * @param name name of the document in messages: the path as the user gave it, or {@code standard input}
 * @param folder folder to which relative paths in the document refer
 * @param json the document as a JSON tree
 * @param lines the line of each field, from 1, by the field's path such as {@code instances[0].uri}
 */
public record DocumentFile(String name, Path folder, JsonNode json, Map<String, Integer> lines) {

    /** Stands for standard input instead of a file name. */
    public static final String STANDARD_INPUT = "-";

    /**
     * Reads a document. Relative paths in a document from standard input refer to the current folder.
     *
     * @param file path of a file, or {@link #STANDARD_INPUT}
     * @throws CommandFailure if the file cannot be read, is empty or too large, or is neither YAML nor JSON; the
     *     message names the line if there is one
     */
    public static DocumentFile read(CommandContext context, String file) {
        if (file.equals(STANDARD_INPUT)) {
            return of("standard input", Path.of(""), InputFile.standardInput(context));
        }
        Path path = Path.of(file);
        Path folder = path.toAbsolutePath().getParent();
        return of(file, folder == null ? path : folder, InputFile.text(path));
    }

    /**
     * Converts a text to a document.
     *
     * @throws CommandFailure if the text is empty or too large, or is neither YAML nor JSON
     */
    static DocumentFile of(String name, Path folder, String text) {
        YamlReader reader = new YamlReader(name);
        return new DocumentFile(name, folder, reader.read(text), reader.lines());
    }

    /**
     * Puts the document's name and the line of a field before a sentence. Example: {@code fleet.yaml:3:
     * instances[0].uri is missing.} A field that the document does not have is shown at the line of the object that
     * should contain it, or without a line.
     */
    public String at(String field, String sentence) {
        Integer line = findLine(field);
        return (line == null ? name : name + ":" + line) + ": " + sentence;
    }

    /**
     * Creates the failure that lists all problems of a document.
     *
     * @param problems sentences with their lines as {@link #at} returns them; at least one
     */
    public static CommandFailure refusal(List<String> problems) {
        return new CommandFailure(
                ExitCode.USAGE,
                problems.size() == 1
                        ? problems.getFirst()
                        : problems.size() + " problems, so nothing was changed:\n  " + String.join("\n  ", problems));
    }

    /**
     * Returns the line of the field or, if the field is missing, of the innermost field that would contain it. Returns
     * null if none of them has a line. Shortens the path {@code instances[0].uri} to {@code instances[0]} and {@code
     * instances}.
     */
    private @Nullable Integer findLine(String field) {
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
