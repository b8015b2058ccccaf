package io.keysweep.site.advisories;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lists advisories that the check ignores until a given day, each with a reason.
 *
 * <p>Each line of the file is {@code ID YYYY-MM-DD REASON}; the date is the last day on which the entry applies. Empty
 * lines, and lines that begin with {@code #}, are comments.
 *
 * @param entries the entries, in the order of the file
 */
record IgnoreFile(List<Entry> entries) {

    /** The list that is used if no file is given. */
    static final IgnoreFile NONE = new IgnoreFile(List.of());

    /**
     * Holds one line of the file.
     *
     * @param id the id of an advisory, or an alias of it
     * @param until the last day on which the entry applies
     * @param reason why the advisory does not matter here
     */
    record Entry(String id, LocalDate until, String reason) {}

    /**
     * Reads a file.
     *
     * @throws MalformedFileException if a line has another form; the message has its number
     */
    static IgnoreFile read(List<String> lines) throws MalformedFileException {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = OsvReader.oneLine(lines.get(i));
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String[] parts = line.split(" ", 3);
            if (parts.length < 3) {
                throw new MalformedFileException("line " + (i + 1) + " must be ID YYYY-MM-DD REASON");
            }
            try {
                entries.add(new Entry(parts[0], LocalDate.parse(parts[1]), parts[2]));
            } catch (DateTimeParseException e) {
                throw new MalformedFileException(
                        "line " + (i + 1) + " has the date '" + parts[1] + "', must be YYYY-MM-DD", e);
            }
        }
        return new IgnoreFile(List.copyOf(entries));
    }

    /** Finds an entry for the advisory. Entries that still apply come before entries whose last day is over. */
    Optional<Entry> find(Advisory advisory, LocalDate today) {
        List<Entry> matching =
                entries.stream().filter(entry -> advisory.isCalled(entry.id())).toList();
        return matching.stream()
                .filter(entry -> applies(entry, today))
                .findFirst()
                .or(() -> matching.stream().findFirst());
    }

    /** Returns whether an entry still applies today. */
    static boolean applies(Entry entry, LocalDate today) {
        return !today.isAfter(entry.until());
    }
}
