package io.keysweep.server.iam.signature;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code captured-requests.txt}, which has requests that clients have signed with one made-up access key. */
final class CapturedRequests {

    static final String ACCESS_KEY = "LOCALTESTACCESSKEY01";
    static final SecretAccessKey SECRET_KEY = new SecretAccessKey("local-test-secret-key-0123456789abcdef00");

    private CapturedRequests() {}

    /** Contains a captured request and the canonical request that its SDK has computed. */
    record Captured(String title, SignedRequest request, String canonicalRequest) {

        @Override
        public String toString() {
            return title;
        }
    }

    /** Returns all captured requests. */
    static List<Captured> all() {
        return Arrays.stream(text().split("\n\n", -1))
                .filter(block -> block.startsWith("client "))
                .map(CapturedRequests::captured)
                .toList();
    }

    /** Reads a block of lines. Each line has a name and a value. */
    private static Captured captured(String block) {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        block.lines().forEach(line -> {
            int blank = line.indexOf(' ');
            String name = blank < 0 ? line : line.substring(0, blank);
            String value = blank < 0 ? "" : line.substring(blank + 1);
            fields.computeIfAbsent(name, field -> new ArrayList<>()).add(value);
        });

        Map<String, List<String>> headers = new LinkedHashMap<>();
        fields.getOrDefault("header", List.of()).forEach(header -> {
            int colon = header.indexOf(": ");
            headers.put(header.substring(0, colon), List.of(header.substring(colon + 2)));
        });

        SignedRequest request = new SignedRequest(
                field(fields, "method"),
                field(fields, "path"),
                field(fields, "query"),
                headers,
                field(fields, "body").getBytes(StandardCharsets.UTF_8));
        String title = field(fields, "client") + " " + field(fields, "algorithm") + " " + request.method() + " "
                + request.rawPath() + " at " + field(fields, "signed-at");
        return new Captured(title, request, field(fields, "canonical-request"));
    }

    /** Returns the values of all lines with a name, joined with line breaks. */
    private static String field(Map<String, List<String>> fields, String name) {
        return String.join("\n", fields.getOrDefault(name, List.of()));
    }

    private static String text() {
        try (InputStream resource = CapturedRequests.class.getResourceAsStream("captured-requests.txt")) {
            if (resource == null) {
                throw new IllegalStateException("captured-requests.txt is missing");
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
