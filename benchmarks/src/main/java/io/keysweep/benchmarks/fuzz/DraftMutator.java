package io.keysweep.benchmarks.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Changes the values of a request before it is signed.
 *
 * <p>Since the signature is right, the changes reach the code behind the authentication.
 */
final class DraftMutator {

    private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private static final List<String> CONTENT_TYPES = List.of(
            "text/plain",
            "application/yaml",
            "application/xml",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/json; charset=utf-16",
            "application/json;charset=unknown",
            "application/problem+json",
            "json",
            "*/*",
            "");

    /** Headers that services read, each with a value of its usual form. */
    private static final Map<String, String> HEADERS = new TreeMap<>(Map.ofEntries(
            Map.entry("Accept", "text/event-stream"),
            Map.entry("Accept-Encoding", "gzip;q=1.0, *;q=0"),
            Map.entry("Accept-Language", "zz-ZZ;q=9"),
            Map.entry("Content-Encoding", "gzip"),
            Map.entry("Cookie", "keysweep_session=x; keysweep_form=y; a=\"b"),
            Map.entry("Forwarded", "for=\"[::1]\";proto=https;host=example"),
            Map.entry("Idempotency-Key", "key-1"),
            Map.entry("If-Match", "\"1\""),
            Map.entry("If-Modified-Since", "Thu, 01 Jan 1970 00:00:00 GMT"),
            Map.entry("If-None-Match", "*"),
            Map.entry("Last-Event-ID", "1"),
            Map.entry("Origin", "http://127.0.0.1:1"),
            Map.entry("Range", "bytes=0-0,-1"),
            Map.entry("Referer", "http://127.0.0.1:1/"),
            Map.entry("Sec-Fetch-Site", "cross-site"),
            Map.entry("X-Forwarded-For", "127.0.0.1, ::1"),
            Map.entry("X-Forwarded-Host", "127.0.0.1:1"),
            Map.entry("X-Forwarded-Proto", "https"),
            Map.entry("X-HTTP-Method-Override", "DELETE"),
            Map.entry("X-Project-Id", "0"),
            Map.entry("X-Request-Id", "1"),
            Map.entry("X-Sdk-Content-Sha256", "UNSIGNED-PAYLOAD"),
            Map.entry("X-Subject-Token", "x")));

    /** The length of a value that makes a body large, bytes. */
    private static final int LARGE_VALUE = 300_000;

    /**
     * The changes by name, sorted by name, so that a seed always chooses the same one. A change that has several names,
     * such as {@code json-value} and {@code json-value-2}, is chosen more often.
     */
    private static final Map<String, BiConsumer<RequestDraft, Random>> CHANGES = changes();

    private static final List<String> NAMES = List.copyOf(CHANGES.keySet());

    private DraftMutator() {}

    /** Returns all changes, by their names; changes that are made more often have several names. */
    private static Map<String, BiConsumer<RequestDraft, Random>> changes() {
        Map<String, BiConsumer<RequestDraft, Random>> changes = new TreeMap<>();
        changes.put("json-value", DraftMutator::changeJson);
        changes.put("json-value-2", DraftMutator::changeJson);
        changes.put("json-value-3", DraftMutator::changeJson);
        changes.put(
                "json-text", (draft, random) -> draft.body = Octets.utf8(JsonMutator.changeText(draft.json, random)));
        changes.put("form-field", DraftMutator::changeForm);
        changes.put("form-field-2", DraftMutator::changeForm);
        changes.put("query-value", DraftMutator::changeQuery);
        changes.put(
                "query-unknown",
                (draft, random) -> draft.query.add("unknown=" + RequestDraft.encode(HostileValues.text(random))));
        changes.put("query-twice", (draft, random) -> draft.query.addAll(List.copyOf(draft.query)));
        changes.put("query-many", (draft, random) -> {
            for (int i = 0; i < 1_500; i++) {
                draft.query.add("p" + i + "=");
            }
        });
        changes.put("path-segment", DraftMutator::changePath);
        changes.put("path-segment-2", DraftMutator::changePath);
        changes.put("method", (draft, random) -> draft.method = METHODS.get(random.nextInt(METHODS.size())));
        changes.put("body-none", (draft, random) -> draft.body = "");
        changes.put("body-null", (draft, random) -> draft.body = "null");
        changes.put("body-large", (draft, random) -> draft.body = "{\"name\":\"" + "x".repeat(LARGE_VALUE) + "\"}");
        changes.put("body-utf16", DraftMutator::toUtf16);
        changes.put("body-bad-utf8", (draft, random) -> draft.body = insert(draft.body, "\u00C3(\u00FF", random));
        changes.put(
                "content-type",
                (draft, random) ->
                        draft.headers.put("Content-Type", CONTENT_TYPES.get(random.nextInt(CONTENT_TYPES.size()))));
        changes.put("header-usual", (draft, random) -> addHeader(draft, random, /* hostile= */ false));
        changes.put("header-hostile", (draft, random) -> addHeader(draft, random, /* hostile= */ true));
        return changes;
    }

    /** Changes a request in one way, and returns the name of the change. */
    static String change(RequestDraft draft, Random random) {
        String name = NAMES.get(random.nextInt(NAMES.size()));
        BiConsumer<RequestDraft, Random> change = CHANGES.get(name);
        if (change != null) {
            change.accept(draft, random);
        }
        return name;
    }

    /** Changes a JSON body; leaves other bodies alone. */
    private static void changeJson(RequestDraft draft, Random random) {
        if (!draft.json.isMissingNode()) {
            draft.json = JsonMutator.change(draft.json, random);
            draft.body = Octets.utf8(draft.json.toString());
        }
    }

    /** Replaces the value of a field of a form; leaves JSON alone. */
    private static void changeForm(RequestDraft draft, Random random) {
        if (draft.json.isMissingNode() && !draft.body.isEmpty()) {
            String[] fields = draft.body.split("&", -1);
            int position = random.nextInt(fields.length);
            fields[position] =
                    fields[position].replaceFirst("=.*", "=") + RequestDraft.encode(HostileValues.text(random));
            draft.body = String.join("&", fields);
        }
    }

    /** Replaces the value of a parameter in the query; adds a parameter if there is none. */
    private static void changeQuery(RequestDraft draft, Random random) {
        if (draft.query.isEmpty()) {
            draft.query.add("limit=");
        }
        int position = random.nextInt(draft.query.size());
        draft.query.set(
                position,
                draft.query.get(position).replaceFirst("=.*", "=") + RequestDraft.encode(HostileValues.text(random)));
    }

    /** Replaces a segment of the path, or adds something to the path. */
    private static void changePath(RequestDraft draft, Random random) {
        String[] segments = draft.path.split("/", -1);
        int position = random.nextInt(segments.length);
        String hostile = RequestDraft.encode(HostileValues.text(random));
        draft.path = switch (random.nextInt(7)) {
            case 0 -> draft.path + "/";
            case 1 -> draft.path + "/" + hostile;
            case 2 -> draft.path.replaceFirst("/", "//");
            case 3 -> draft.path + "/../" + segments[segments.length - 1];
            case 4 -> draft.path + ";a=b";
            default -> {
                segments[position] = position == 0 ? "" : hostile;
                yield String.join("/", segments);
            }
        };
    }

    /** Encodes the characters of the body as UTF-16. */
    private static void toUtf16(RequestDraft draft, Random random) {
        draft.body = Octets.of(
                draft.body.getBytes(random.nextBoolean() ? StandardCharsets.UTF_16 : StandardCharsets.UTF_16LE));
    }

    /** Adds a header that the service knows, with a usual or a hostile value. */
    private static void addHeader(RequestDraft draft, Random random, boolean hostile) {
        List<String> names = List.copyOf(HEADERS.keySet());
        String name = names.get(random.nextInt(names.size()));
        String usual = HEADERS.getOrDefault(name, "");
        // The signer refuses control characters in headers. WireMutator adds some after the request is signed.
        String value = hostile ? HostileValues.text(random).replaceAll("\\p{Cntrl}", "") : usual;
        draft.headers.put(name, Octets.utf8(value));
    }

    /** Inserts a text at a random place. */
    static String insert(String text, String part, Random random) {
        int position = random.nextInt(text.length() + 1);
        return text.substring(0, position) + part + text.substring(position);
    }
}
