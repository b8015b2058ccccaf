package io.keysweep.server.dcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.api.signature.CanonicalRequest;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.testkit.Waits;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Replays the recorded requests of a program against a service, and compares the answers with the recorded ones.
 *
 * <p>A line of a recording is one request with its answer, as JSON. Ids, keys, addresses and times are replaced by
 * names in braces, such as <code>{instance}</code>. Ids that the service creates are numbered in the order in which
 * they appear: <code>{id-1}</code>.
 */
final class Recording {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z");
    private static final Pattern ID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}");
    private static final Pattern SIGNED_HEADERS = Pattern.compile("SignedHeaders=([^,]+),");
    private static final DateTimeFormatter SDK_DATE =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** Headers that the HTTP client sets itself. */
    private static final Set<String> CLIENT_HEADERS = Set.of("host", "content-length", "connection");

    private final TestService service;
    private final Credentials key;

    /** The live value of each name in braces. */
    private final Map<String, String> values = new LinkedHashMap<>();

    /** The number of ids that were found so far. */
    private int idCount;

    /** The number of tokens that the service has issued so far. */
    private int tokenCount;

    /**
     * Creates a player of recordings.
     *
     * @param key the access key that signs requests
     * @param values the live values of further names in braces
     */
    Recording(TestService service, Credentials key, Map<String, String> values) {
        this.service = service;
        this.key = key;
        this.values.putAll(values);
        this.values.put("{project}", key.projectId());
        this.values.put("{access-key}", key.accessKey());
        this.values.put("{secret-key}", key.secretKey());
        this.values.put("{endpoint}", service.endpoint());
    }

    /** Reads the lines of a recording. */
    static List<JsonNode> lines(String name) {
        try (InputStream resource = Recording.class.getResourceAsStream("terraform/" + name + ".jsonl")) {
            if (resource == null) {
                throw new IllegalStateException(name + ".jsonl is missing");
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(JSON::readTree)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Sends a recorded request, and expects the recorded answer. A GET is repeated until the service gives that answer,
     * because a scan takes time. A line can also have a record that the program has read from the answer. Then the
     * answer must contain the record.
     */
    void replay(JsonNode line) {
        JsonNode expected = line.get("answer");
        if (line.get("method").asString().equals("GET")) {
            Waits.await("the recorded answer")
                    .untilAsserted(() -> assertThat(send(line)).isEqualTo(expected));
        } else {
            assertThat(send(line)).isEqualTo(expected);
        }
        line.path("reads").forEach(read -> assertThat(expected.get("records")).contains(read));
    }

    /** Sends a recorded request with the live values, and returns its answer with the names in braces. */
    private JsonNode send(JsonNode line) {
        String method = line.get("method").asString();
        String path = live(line.get("path").asString());
        String body = live(line.get("body").asString());
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        line.get("headers")
                .properties()
                .forEach(header ->
                        headers.put(header.getKey(), live(header.getValue().asString())));
        headers.keySet().removeIf(name -> CLIENT_HEADERS.contains(name.toLowerCase(Locale.ROOT)));

        // A signature covers the live values, so it is made again.
        if (headers.containsKey("Authorization")) {
            sign(method, path, headers, body);
        }

        Answer answer = service.send(method, path, headers, body);
        assertThat(answer.status())
                .as(method + " " + path)
                .isEqualTo(line.get("status").asInt());
        if (!answer.header("X-Subject-Token").isEmpty()) {
            values.put("{token-" + ++tokenCount + "}", answer.header("X-Subject-Token"));
        }
        return JSON.readTree(recorded(answer.response().body()));
    }

    /** Signs the same headers as the program, which does not sign Host and adds some headers after the signature. */
    private void sign(String method, String path, Map<String, String> headers, String body) {
        Matcher names = SIGNED_HEADERS.matcher(headers.getOrDefault("Authorization", ""));
        assertThat(names.find()).isTrue();
        String date = SDK_DATE.format(Instant.now());
        headers.put("X-Sdk-Date", date);
        TreeMap<String, String> signed = new TreeMap<>();
        for (String name : names.group(1).split(";", -1)) {
            signed.put(name, headers.getOrDefault(name, ""));
        }
        URI uri = URI.create(service.endpoint() + path);
        CanonicalRequest request =
                new CanonicalRequest(method, uri.getRawPath(), uri.getRawQuery(), signed, sha256(body));
        String signature = hmac("SDK-HMAC-SHA256\n" + date + "\n" + sha256(request.text()));
        headers.computeIfPresent("Authorization", (name, recorded) -> recorded.replace("{signature}", signature));
    }

    /** Replaces the names in braces by live values. */
    private String live(String recorded) {
        String text = recorded;
        for (Map.Entry<String, String> value : values.entrySet()) {
            text = text.replace(value.getKey(), value.getValue());
        }
        return text;
    }

    /** Replaces live values by names in braces, and numbers ids that are new. */
    private String recorded(String live) {
        String text = TIME.matcher(live).replaceAll("{time}");
        for (Map.Entry<String, String> value : values.entrySet()) {
            text = text.replace(value.getValue(), value.getKey());
        }
        for (Matcher id = ID.matcher(text); id.find(); id = ID.matcher(text)) {
            String name = "{id-" + ++idCount + "}";
            values.put(name, id.group());
            text = text.replace(id.group(), name);
        }
        return text;
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private String hmac(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.secretKey().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
