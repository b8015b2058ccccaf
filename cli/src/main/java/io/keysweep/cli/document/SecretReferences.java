package io.keysweep.cli.document;

import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.InputFile;
import io.keysweep.cli.shell.Shell;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts in place what a document only points at: {@code {env: NAME}} is a variable of this process's environment, {@code
 * {file: PATH}} a file on this machine, relative to the document. So a document can be in a repository and its secrets
 * need not.
 */
public final class SecretReferences {

    private final DocumentFile document;
    private final Shell shell;

    /** Of one document. */
    public SecretReferences(DocumentFile document, Shell shell) {
        this.document = document;
        this.shell = shell;
    }

    /**
     * Replaces the references that those fields of an object are.
     *
     * @param path where the object stands
     * @param problems is told what is wrong, with the place
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
            String value = shell.variable(variable.stringValue());
            if (value == null) {
                problems.accept(document.at(
                        at, at + " names the variable " + variable.stringValue() + ", which is not set here."));
            }
            return value;
        }
        try {
            Path path = document.folder().resolve(file.stringValue());
            // A line that an editor has ended is not meant to be part of a password; PEM does not mind.
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
