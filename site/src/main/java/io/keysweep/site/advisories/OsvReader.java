package io.keysweep.site.advisories;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads an advisory from a file in the OSV format, see <a href="https://ossf.github.io/osv-schema/">its schema</a>.
 *
 * <p>Packages of other ecosystems, and ranges of commits (type {@code GIT}), are left out.
 */
final class OsvReader {

    /** The length of a summary, in characters, beyond which it is cut off. */
    private static final int MAX_SUMMARY = 160;

    private OsvReader() {}

    /**
     * Reads the advisory that a file contains.
     *
     * @throws MalformedFileException if the content is not an advisory; the message names the field and the rule
     */
    static Advisory read(byte[] content) throws MalformedFileException {
        JsonNode root = parse(content);
        if (!root.isObject()) {
            throw new MalformedFileException("it is no JSON object");
        }
        String id = text(root, "id");
        List<Advisory.Affected> affectedPackages = new ArrayList<>();
        if (!root.has("withdrawn")) {
            for (JsonNode entry : list(root, "affected")) {
                parseAffected(entry).ifPresent(affectedPackages::add);
            }
        }
        return new Advisory(oneLine(id), texts(root, "aliases"), summary(root), List.copyOf(affectedPackages));
    }

    private static JsonNode parse(byte[] content) throws MalformedFileException {
        try {
            return JsonMapper.shared().readTree(content);
        } catch (JacksonException e) {
            throw new MalformedFileException("it is no JSON: " + oneLine(e.getOriginalMessage()), e);
        }
    }

    private static Optional<Advisory.Affected> parseAffected(JsonNode entry) throws MalformedFileException {
        JsonNode packageNode = entry.path("package");
        // An entry without a package describes commits of a repository.
        if (!packageNode.isObject()) {
            return Optional.empty();
        }
        Optional<Ecosystem> ecosystem = Ecosystem.ofOsv(text(packageNode, "ecosystem"));
        if (ecosystem.isEmpty()) {
            return Optional.empty();
        }
        List<AffectedRange> ranges = new ArrayList<>();
        for (JsonNode range : list(entry, "ranges")) {
            if (!text(range, "type").equals("GIT")) {
                ranges.add(parseRange(range));
            }
        }
        return Optional.of(new Advisory.Affected(
                ecosystem.get(), text(packageNode, "name"), texts(entry, "versions"), List.copyOf(ranges)));
    }

    private static AffectedRange parseRange(JsonNode range) throws MalformedFileException {
        List<AffectedRange.Event> events = new ArrayList<>();
        for (JsonNode event : list(range, "events")) {
            boolean isKnown = false;
            for (AffectedRange.Type type : AffectedRange.Type.values()) {
                if (event.has(type.osvName())) {
                    events.add(new AffectedRange.Event(type, text(event, type.osvName())));
                    isKnown = true;
                }
            }
            if (!isKnown) {
                throw new MalformedFileException("an event has none of introduced, fixed, last_affected and limit");
            }
        }
        if (events.stream().noneMatch(event -> event.type() == AffectedRange.Type.INTRODUCED)) {
            throw new MalformedFileException("a range has no event introduced");
        }
        return new AffectedRange(List.copyOf(events));
    }

    /** Returns the summary, or the beginning of the details if there is none. */
    private static String summary(JsonNode root) {
        String summary = root.path("summary").asString("");
        String line = oneLine(summary.isBlank() ? root.path("details").asString("") : summary);
        if (line.isEmpty()) {
            return "no summary";
        }
        return line.length() <= MAX_SUMMARY ? line : line.substring(0, MAX_SUMMARY) + "…";
    }

    /** Returns a text as one line without control characters, which could act on a terminal. */
    static String oneLine(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\s]+", " ").strip();
    }

    private static String text(JsonNode object, String name) throws MalformedFileException {
        JsonNode value = object.path(name);
        if (!value.isString() || value.stringValue().isBlank()) {
            throw new MalformedFileException(name + " is missing, or no text");
        }
        return value.stringValue();
    }

    private static List<String> texts(JsonNode object, String name) throws MalformedFileException {
        List<String> texts = new ArrayList<>();
        for (JsonNode value : list(object, name)) {
            if (!value.isString()) {
                throw new MalformedFileException(name + " must contain texts");
            }
            texts.add(oneLine(value.stringValue()));
        }
        return List.copyOf(texts);
    }

    /** Returns the elements of a list, which can be missing or null. */
    private static Iterable<JsonNode> list(JsonNode object, String name) throws MalformedFileException {
        JsonNode value = object.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return List.of();
        }
        if (!value.isArray()) {
            throw new MalformedFileException(name + " is no list");
        }
        return value;
    }
}
