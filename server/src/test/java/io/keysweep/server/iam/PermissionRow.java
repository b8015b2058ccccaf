package io.keysweep.server.iam;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Contains one line of {@code permissions.txt}, which says who may call an operation.
 *
 * <p>The head of that file explains the columns in full.
 *
 * @param operation the id or name of the operation in its document, or a request of the Identity API
 * @param needs the actions that the operation needs, joined with "and" or "or"; or "any key", or "nothing"
 * @param otherProject the answer to a key of another project: "own", "all", or a status with an error code
 * @param allowed the answer to a key with the needed actions
 * @param id the resource whose id is in the path; empty for none
 * @param body the body of the request; empty for none
 */
record PermissionRow(String operation, String needs, String otherProject, String allowed, String id, String body) {

    private static final String FILE = "permissions.txt";
    private static final int COLUMNS = 6;

    /** Reads all lines of the file. */
    static List<PermissionRow> readAll() {
        try (InputStream file = Objects.requireNonNull(PermissionRow.class.getResourceAsStream(FILE), FILE)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(PermissionRow::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads one line; columns at its end that are left out are empty. */
    private static PermissionRow read(String line) {
        List<String> columns = new ArrayList<>(Arrays.asList(line.split("\\|", -1)));
        if (columns.size() > COLUMNS) {
            throw new IllegalArgumentException("too many columns: " + line);
        }
        while (columns.size() < COLUMNS) {
            columns.add("");
        }
        columns.replaceAll(String::strip);
        return new PermissionRow(
                columns.get(0), columns.get(1), columns.get(2), columns.get(3), columns.get(4), columns.get(5));
    }

    /** Returns whether the operation needs no credentials. */
    boolean isPublic() {
        return needs.equals("nothing");
    }

    /** Returns whether the operation concerns one instance, by its path or its body. */
    boolean concernsAnInstance() {
        return id.equals("instance") || id.endsWith("scan") || body.contains("{instance}");
    }

    /**
     * Returns the sets of actions with which a key may call the operation. There are several sets if one of several
     * actions suffices, and an empty set if any key may call it.
     */
    List<Set<String>> sufficientActions() {
        return isPublic() || needs.equals("any key")
                ? List.of(Set.of())
                : Arrays.stream(needs.split(" or ", -1))
                        .map(all -> Set.of(all.split(" and ", -1)))
                        .toList();
    }

    /** Returns the smallest sets of actions without which a key is refused. */
    List<Set<String>> decisiveActions() {
        List<Set<String>> sufficient = sufficientActions();
        return sufficient.size() == 1
                ? sufficient.getFirst().stream().map(Set::of).toList()
                : List.of(sufficient.stream().flatMap(Set::stream).collect(Collectors.toUnmodifiableSet()));
    }

    /** Returns all actions of the column {@code needs}, sorted. */
    Set<String> actions() {
        return sufficientActions().stream().flatMap(Set::stream).collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public String toString() {
        return operation + " needs " + needs;
    }
}
