package io.keysweep.cli.document;

import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.InputFile;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Replaces references in a document, which stand for secrets, by the secrets themselves. {@code {env: NAME}} refers to
 * an environment variable of this process, {@code {file: PATH}} to a file on this machine, relative to the document. A
 * document with references can be kept in a repository without its secrets.
 */
public final class SecretReferences {

    private final DocumentFile document;
    private final CommandContext context;

    /** Creates a replacer for one document, which reads variables from the environment of {@code context}. */
    public SecretReferences(DocumentFile document, CommandContext context) {
        this.document = document;
        this.context = context;
    }

    /**
     * Replaces the references in some fields of an object.
     *
     * @param path path of the object in the document, such as {@code instances[0]}
     * @param fields names of the fields that may be references; other fields stay as they are
     * @param problems receives a sentence with its line for each reference that cannot be resolved
     */
    public void resolve(ObjectNode object, String path, List<String> fields, Consumer<String> problems) {
        for (String field : fields) {
            if (object.get(field) instanceof ObjectNode reference) {
                String at = path + "." + field;
                String value = value(reference, at, problems);
                if (value != null) {
                    object.put(field, value);
                }
            }
        }
    }

    private @Nullable String value(ObjectNode reference, String at, Consumer<String> problems) {
        JsonNode variable = reference.get("env");
        JsonNode file = reference.get("file");
        if (reference.size() != 1 || !(text(variable) || text(file))) {
            problems.accept(document.at(at, at + " must be a text, {env: VARIABLE} or {file: PATH}."));
            return null;
        }
        if (variable != null) {
            String value = context.variable(variable.stringValue());
            if (value == null) {
                problems.accept(
                        document.at(at, at + " names the variable " + variable.stringValue() + ", which is not set."));
            }
            return value;
        }
        try {
            Path path = document.folder().resolve(file.stringValue());
            // Editors end a file with a line end, which is not part of a password. PEM files do not need it.
            return InputFile.text(path).stripTrailing();
        } catch (CommandFailure e) {
            problems.accept(document.at(at, at + ": " + e.getMessage() + "."));
            return null;
        }
    }

    private static boolean text(@Nullable JsonNode node) {
        return node != null && node.isString();
    }
}
