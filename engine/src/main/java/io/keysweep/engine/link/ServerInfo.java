package io.keysweep.engine.link;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The fields of one or more INFO replies. Immutable. */
public final class ServerInfo {

    private final Map<String, String> fields;

    private ServerInfo(Map<String, String> fields) {
        this.fields = Map.copyOf(fields);
    }

    /** Reads {@code field:value} lines; headings and anything else are left out. */
    public static ServerInfo parse(String text) {
        Map<String, String> fields = new HashMap<>();
        text.lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0 && line.charAt(0) != '#') {
                fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        });
        return new ServerInfo(fields);
    }

    /** The value of a field, if the server told it. */
    public Optional<String> text(String field) {
        return Optional.ofNullable(fields.get(field));
    }

    /** The value of a field, if it is there and a whole number. */
    public OptionalLong number(String field) {
        String value = fields.get(field);
        try {
            return value == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(value));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** Whether a field is there and is exactly this. */
    public boolean is(String field, String value) {
        return value.equals(fields.get(field));
    }

    /** All fields. */
    public Map<String, String> fields() {
        return fields;
    }
}
