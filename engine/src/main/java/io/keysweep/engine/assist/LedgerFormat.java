package io.keysweep.engine.assist;

import io.keysweep.engine.topology.NodeAddress;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Writes an entry of the {@link AssistLedger} as the text of a properties file, and reads it.
 *
 * <p>Users can also read the file. Example: {@code change.1=hz 10 500} means that {@code hz} was 10 and is raised to
 * 500.
 */
final class LedgerFormat {

    private static final String ADDRESS = "address";
    private static final String DEPLOYMENT = "deployment";
    private static final String RUN_ID = "run-id";
    private static final String SINCE = "since";
    private static final String CHANGE = "change.";
    private static final int WORDS_OF_CHANGE = 3;

    private LedgerFormat() {}

    /** Returns the text of an entry. */
    static String format(RaisedSettings entry) throws IOException {
        Properties properties = new Properties();
        NodeAddress address = entry.address();
        properties.setProperty(ADDRESS, address.toString());
        properties.setProperty(DEPLOYMENT, entry.deployment());
        properties.setProperty(RUN_ID, entry.runId());
        properties.setProperty(SINCE, entry.since().toString());
        int number = 1;
        for (SettingChange change : entry.changes()) {
            properties.setProperty(CHANGE + number++, change.name() + " " + change.former() + " " + change.raised());
        }
        StringWriter text = new StringWriter();
        properties.store(text, "Settings that Keysweep has raised: name, former value, raised value");
        return text.toString();
    }

    /**
     * Reads an entry. Returns null for a text that is not an entry: a field is missing or malformed, for example after
     * the file was edited by hand.
     */
    static @Nullable RaisedSettings parse(String text) throws IOException {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
            List<SettingChange> changes = new ArrayList<>();
            // The changes are numbered, since properties have no order and the order of the changes matters.
            for (int number = 1; properties.containsKey(CHANGE + number); number++) {
                String[] words = requireField(properties, CHANGE + number).split(" ", WORDS_OF_CHANGE);
                if (words.length != WORDS_OF_CHANGE) {
                    return null;
                }
                changes.add(new SettingChange(words[0], words[1], words[2]));
            }
            return new RaisedSettings(
                    requireField(properties, DEPLOYMENT),
                    address(requireField(properties, ADDRESS)),
                    requireField(properties, RUN_ID),
                    Instant.parse(requireField(properties, SINCE)),
                    changes);
        } catch (IllegalArgumentException | DateTimeException e) {
            return null;
        }
    }

    /** Returns the value of a field; throws IllegalArgumentException if the field is missing. */
    private static String requireField(Properties properties, String name) {
        String value = properties.getProperty(name);
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return value;
    }

    /** Parses an address: the absolute path of a Unix socket, or {@code host:port}. */
    private static NodeAddress address(String text) {
        return text.startsWith("/") ? NodeAddress.unix(text) : NodeAddress.parse(text);
    }
}
