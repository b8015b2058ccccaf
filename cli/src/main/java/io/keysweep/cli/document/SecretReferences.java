package io.keysweep.cli.document;

import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.InputFile;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Replaces references in a document, which stand for secrets, by the secrets themselves. A document can therefore be
 * kept in a repository without its secrets.
 *
 * <p>{@code {env: NAME}} refers to an environment variable of this process, and {@code {file: PATH}} to a file on this
 * machine, relative to the document.
 *
 * <p>The document decides which server gets the secret, so it must not choose among all secrets of the user. It can
 * read variables with an allowed prefix, and files below its own folder ({@link DocumentFolder}). Used by one thread.
 */
public final class SecretReferences {

    /** The prefix of variables that every document can read. */
    public static final String DEFAULT_PREFIX = "KEYSWEEP_FLEET_";

    /** The prefix of Keysweep's own variables, such as {@code KEYSWEEP_SECRET_KEY}, which no document can read. */
    private static final String OWN_PREFIX = "KEYSWEEP_";

    private final DocumentFile document;
    private final CommandContext context;
    private final List<String> prefixes;
    private final DocumentFolder folder;
    private final List<String> uses = new ArrayList<>();

    /**
     * Creates a replacer for one document, which reads variables from the environment of {@code context}.
     *
     * @param morePrefixes prefixes of variables that the user allows in addition to {@link #DEFAULT_PREFIX}
     */
    public SecretReferences(DocumentFile document, CommandContext context, List<String> morePrefixes) {
        this.document = document;
        this.context = context;
        this.prefixes = new ArrayList<>(morePrefixes);
        this.prefixes.add(DEFAULT_PREFIX);
        this.folder = new DocumentFolder(document.folder(), context.keysweepHome());
    }

    /**
     * Replaces the references in some fields of an object, in place. Does not change a field with a text instead of a
     * reference, nor a reference that cannot be resolved.
     *
     * @param name name of the object for the user, such as the name of an instance
     * @param path path of the object in the document, such as {@code instances[0]}
     * @param fields names of the fields that may be references; other fields are not changed
     * @param problems receives a sentence with its line for each reference that cannot be resolved
     */
    public void resolve(ObjectNode object, String name, String path, List<String> fields, Consumer<String> problems) {
        for (String field : fields) {
            if (object.get(field) instanceof ObjectNode reference) {
                String fieldPath = path + "." + field;
                String value = resolveReference(
                        reference, fieldPath, problems, source -> uses.add(name + ": " + field + " " + source));
                if (value != null) {
                    object.put(field, value);
                }
            }
        }
    }

    /**
     * Returns one line for each reference that was replaced: the object, the field, and the variable or file. No line
     * contains a secret.
     */
    public List<String> uses() {
        return List.copyOf(uses);
    }

    /**
     * Returns the secret that a reference stands for. If it cannot be resolved, returns null, and {@code problems}
     * receives the reason.
     *
     * @param fieldPath path of the field in the document
     * @param problems receives a sentence if the reference cannot be resolved
     * @param use receives where the secret comes from, such as {@code from variable NAME}
     */
    private @Nullable String resolveReference(
            ObjectNode reference, String fieldPath, Consumer<String> problems, Consumer<String> use) {
        JsonNode variable = reference.get("env");
        JsonNode file = reference.get("file");
        boolean isReference = reference.size() == 1 && (isText(variable) || isText(file));
        if (!isReference) {
            problems.accept(document.at(fieldPath, fieldPath + " must be a text, {env: VARIABLE} or {file: PATH}."));
            return null;
        }
        try {
            if (variable != null) {
                String value = readVariable(variable.stringValue());
                use.accept("from variable " + variable.stringValue());
                return value;
            }
            // Editors end a file with a line end, which is not part of a password. PEM files do not need it.
            String value = InputFile.text(folder.file(file.stringValue())).stripTrailing();
            use.accept("from file " + file.stringValue());
            return value;
        } catch (CommandFailure e) {
            problems.accept(document.at(fieldPath, fieldPath + ": " + e.getMessage() + "."));
            return null;
        }
    }

    /** Returns the value of a variable; throws a {@link CommandFailure} if it is not set or not allowed. */
    private String readVariable(String name) {
        if (name.startsWith(OWN_PREFIX) && !name.startsWith(DEFAULT_PREFIX)) {
            throw DocumentFolder.refusal(
                    "variable '" + name + "' is one of Keysweep itself, which no document may read");
        }
        if (prefixes.stream().noneMatch(name::startsWith)) {
            throw DocumentFolder.refusal("variable '" + name + "' does not begin with " + String.join(" or ", prefixes)
                    + ": rename it, or allow it with --allow-env PREFIX");
        }
        String value = context.variable(name);
        if (value == null) {
            throw DocumentFolder.refusal("variable '" + name + "' is not set");
        }
        return value;
    }

    private static boolean isText(@Nullable JsonNode node) {
        return node != null && node.isString();
    }
}
