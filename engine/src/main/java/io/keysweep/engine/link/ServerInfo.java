package io.keysweep.engine.link;

import io.keysweep.engine.text.ForeignText;
import io.keysweep.engine.topology.NodeRefusedException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Parses the text of an INFO reply, and returns its fields by name, for example {@code redis_version}. Immutable. */
public final class ServerInfo {

    /** The longest value in characters. Real servers send shorter values, so only a forged one is cut. */
    private static final int MAX_VALUE_LENGTH = 1_000;

    private final Map<String, String> fields;

    private ServerInfo(Map<String, String> fields) {
        this.fields = Map.copyOf(fields);
    }

    /**
     * Parses lines such as {@code used_memory:1024}; skips headings ({@code # Memory}) and all other lines. Characters
     * in values that are not printable are escaped. Field names are not changed. If several lines have the same field,
     * the last one is used.
     */
    public static ServerInfo parse(String text) {
        Map<String, String> fields = new HashMap<>();
        text.lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0 && line.charAt(0) != '#') {
                fields.put(
                        line.substring(0, colon),
                        ForeignText.excerpt(line.substring(colon + 1).strip(), MAX_VALUE_LENGTH));
            }
        });
        return new ServerInfo(fields);
    }

    /**
     * Sends INFO and reads its default sections. Callers send it before other commands, because the reply shows whether
     * the node is a Redis server at all.
     *
     * @param errors translates an error reply of this server into the exception
     * @param needed the commands that the user must be allowed to run, as the message of a refusal says; see {@link
     *     ServerErrors#of}
     * @throws NodeRefusedException if the node answers with an error, or with a text that contains no version
     * @throws UnexpectedReplyException if the reply is neither an error nor a text
     * @throws LinkBrokenException if the connection breaks
     */
    public static ServerInfo read(NodeLink link, ServerErrors errors, List<String> needed) {
        Reply reply = link.call("INFO");
        if (reply instanceof Reply.Failure failure) {
            throw errors.of("INFO", failure, needed);
        }
        ServerInfo info = parse(reply.text());
        if (info.fields.keySet().stream().noneMatch(field -> field.endsWith("_version"))) {
            throw errors.notRedis(
                    "answered INFO with " + ForeignText.quote(reply.text()) + ", which contains no version");
        }
        return info;
    }

    /** Returns the fields of both replies. If both have a field, the value of {@code other} is used. */
    public ServerInfo with(ServerInfo other) {
        Map<String, String> allFields = new HashMap<>(fields);
        allFields.putAll(other.fields);
        return new ServerInfo(allFields);
    }

    /** Returns the value of a field; empty if the reply does not have the field. */
    public Optional<String> text(String field) {
        return Optional.ofNullable(fields.get(field));
    }

    /** Returns the value of a field; empty if the reply does not have the field or its value is not a whole number. */
    public OptionalLong number(String field) {
        String value = fields.get(field);
        try {
            return value == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(value));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** Returns whether the reply has a field with exactly this value. */
    public boolean is(String field, String value) {
        return value.equals(fields.get(field));
    }

    /** Returns all fields by name. */
    public Map<String, String> fields() {
        return fields;
    }
}
