package io.keysweep.server.notify;

import io.keysweep.engine.egress.EgressPolicy;
import io.keysweep.engine.text.ForeignText;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.server.error.Phrase;
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
 * Contains the settings that users choose for a webhook, such as its URL and the types of its notices.
 *
 * @param url the URL that receives the notices, with the scheme http or https
 * @param events the types of notices that the webhook receives; if these are all types, also the types that later
 *     versions add
 * @param heldThreshold how long a scan must be held or paused before the webhook receives {@code scan.held}; 1 minute
 *     to 30 days
 * @param enabled whether the webhook receives notices at all
 */
record WebhookSettings(URI url, Set<NoticeType> events, Duration heldThreshold, boolean enabled) {

    private static final Set<String> FIELDS = Set.of("url", "events", "heldMinutes", "enabled");
    private static final int MAX_URL_LENGTH = 2000;
    private static final Phrase URL_RULE = Phrase.of(
            "http(s)://HOST[:PORT][/PATH] without user, password and fragment, at most {0} characters", MAX_URL_LENGTH);
    private static final int DEFAULT_HELD_MINUTES = 60;

    /** The maximum of the field {@code heldMinutes}: 30 days. */
    private static final int MAX_HELD_MINUTES = 43_200;

    WebhookSettings {
        events = Set.copyOf(events);
    }

    /**
     * Reads the settings from a JSON document. All fields but {@code url} have defaults: all events, 60 minutes,
     * enabled. An empty list of events also means all events.
     *
     * @param document the body of the request; null if it has none
     * @param egress the addresses that the service may connect to; a host name is resolved at each delivery, not here
     * @throws io.keysweep.server.error.RequestRefusedException if the document is missing or breaks any rule; the
     *     exception names all broken rules
     */
    static WebhookSettings read(@Nullable JsonNode document, EgressPolicy egress) {
        DocumentReader reader = DocumentReader.of(document, FIELDS);
        Optional<URI> url =
                reader.requiredText("url", URL_RULE, text -> text).flatMap(text -> url(reader, text, egress));
        List<NoticeType> events = reader.texts(
                "events",
                NoticeType.EVENTS.size(),
                Phrase.of("one of {0}", NoticeType.eventNames()),
                NoticeType::byWireName);
        int heldMinutes = reader.integer("heldMinutes", 1, MAX_HELD_MINUTES).orElse(DEFAULT_HELD_MINUTES);
        boolean enabled = reader.flag("enabled").orElse(true);
        return reader.requireValid(() -> new WebhookSettings(
                url.orElseThrow(),
                events.isEmpty() ? NoticeType.EVENTS : EnumSet.copyOf(events),
                Duration.ofMinutes(heldMinutes),
                enabled));
    }

    /**
     * Reads the URL; empty if it breaks a rule, which is then recorded. Messages do not repeat the URL, because it can
     * contain a secret.
     */
    private static Optional<URI> url(DocumentReader reader, String text, EgressPolicy egress) {
        try {
            URI url = new URI(text);
            Phrase problem = findProblem(url, text.length());
            if (problem != null) {
                reader.addProblem("url", Phrase.of(" {0}, must be {1}.", problem, URL_RULE));
                return Optional.empty();
            }
            String obstacle = hostAndPort(url).map(egress::obstacleTo).orElse(null);
            if (obstacle == null) {
                return Optional.of(url);
            }
            reader.addProblem("url", Phrase.of(" leads to a host that the service may not connect to: {0}.", obstacle));
        } catch (URISyntaxException e) {
            reader.addProblem("url", Phrase.of(" is not a URL, must be {0}.", URL_RULE));
        }
        return Optional.empty();
    }

    /**
     * Returns host and port of a URL with the scheme http or https. A URL without a port has the port of its scheme, 80
     * or 443. Returns empty if host or port is not valid.
     */
    private static Optional<NodeAddress> hostAndPort(URI url) {
        String host = url.getHost();
        if (host == null) {
            return Optional.empty();
        }
        int defaultPort = url.getScheme().equalsIgnoreCase("https") ? 443 : 80;
        int port = url.getPort() >= 0 ? url.getPort() : defaultPort;
        try {
            // A URL has brackets around an IPv6 address, an address has none.
            return Optional.of(
                    NodeAddress.announced(host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Returns what is wrong with a URL, as a part of a sentence; null if nothing is. */
    private static @Nullable Phrase findProblem(URI url, int length) {
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            return Phrase.of("has a scheme other than http and https");
        }
        if (hostAndPort(url).isEmpty()) {
            return Phrase.of("has no valid host or port");
        }
        if (url.getRawUserInfo() != null || url.getRawFragment() != null) {
            return Phrase.of("contains a user or a fragment");
        }
        if (!ForeignText.isPrintable(url.toString())) {
            return Phrase.of("contains control characters");
        }
        return length > MAX_URL_LENGTH ? Phrase.of("has {0} characters", length) : null;
    }
}
