package io.keysweep.server.notify;

import io.keysweep.server.request.DocumentReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What people set of a webhook.
 *
 * @param url where notices go
 * @param events what is told
 * @param heldLongerThan how long a scan is on hold before that is told
 * @param enabled whether anything is told at all
 */
record WebhookSettings(URI url, Set<NoticeType> events, Duration heldLongerThan, boolean enabled) {

    private static final Set<String> FIELDS = Set.of("url", "events", "heldMinutes", "enabled");
    private static final int LONGEST_URL = 2000;
    private static final int HIGHEST_PORT = 65_535;
    private static final String URL_RULE =
            "http(s)://HOST[:PORT][/PATH] without user, password and fragment, at most " + LONGEST_URL + " characters";
    private static final int HELD_MINUTES = 60;
    private static final int MOST_HELD_MINUTES = 43_200;

    WebhookSettings {
        events = Set.copyOf(events);
    }

    /**
     * Reads a document.
     *
     * @throws io.keysweep.server.error.RequestRefusedException for every rule that is broken
     */
    static WebhookSettings read(@Nullable JsonNode document) {
        DocumentReader reader = DocumentReader.of(document, FIELDS);
        Optional<URI> url = reader.requiredText("url", URL_RULE, text -> text).flatMap(text -> url(reader, text));
        List<NoticeType> events = reader.texts(
                "events", NoticeType.EVENTS.size(), "one of " + NoticeType.eventNames(), NoticeType::event);
        int heldMinutes = reader.integer("heldMinutes", 1, MOST_HELD_MINUTES).orElse(HELD_MINUTES);
        boolean enabled = reader.flag("enabled").orElse(true);
        return reader.requireValid(() -> new WebhookSettings(
                url.orElseThrow(),
                events.isEmpty() ? NoticeType.EVENTS : EnumSet.copyOf(events),
                Duration.ofMinutes(heldMinutes),
                enabled));
    }

    /** What is refused is not shown: what is wrong may be the secret in it. */
    private static Optional<URI> url(DocumentReader reader, String text) {
        try {
            URI url = new URI(text);
            String problem = problem(url, text.length());
            if (problem == null) {
                return Optional.of(url);
            }
            reader.addProblem("url", " " + problem + ", must be " + URL_RULE + ".");
        } catch (URISyntaxException e) {
            reader.addProblem("url", " is no URL, must be " + URL_RULE + ".");
        }
        return Optional.empty();
    }

    private static @Nullable String problem(URI url, int length) {
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            return "has another scheme";
        }
        if (url.getHost() == null || url.getPort() == 0 || url.getPort() > HIGHEST_PORT) {
            return "has no valid host or port";
        }
        if (url.getRawUserInfo() != null || url.getRawFragment() != null) {
            return "holds a user or a fragment";
        }
        return length > LONGEST_URL ? "has " + length + " characters" : null;
    }
}
