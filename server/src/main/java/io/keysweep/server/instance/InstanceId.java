package io.keysweep.server.instance;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Parses the ids of instances, scans, webhooks and deliveries in the paths of requests.
 *
 * <p>An id is a UUID in its complete form of 36 characters, as the official Java SDK requires.
 */
public final class InstanceId {

    /**
     * Accepts the complete form only, in lower or upper case. {@link UUID#fromString} alone also accepts shorter texts,
     * such as {@code 1-1-1-1-1}.
     */
    private static final Pattern FORM = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private InstanceId() {}

    /** Returns the id, or empty if the text is not a UUID of 36 characters. */
    public static Optional<UUID> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(UUID.fromString(text)) : Optional.empty();
    }
}
