package io.keysweep.benchmarks.fuzz;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Changes how a request is sent: its framing, its line ends, its headers and single bytes. */
final class WireMutator {

    /** Methods that the service does not know, or that are malformed. */
    private static final List<String> METHODS =
            List.of("get", "TRACE", "CONNECT", "PROPFIND", "PRI", "G\u0000T", "GE T", "", "X".repeat(9_000));

    /** Versions of HTTP that are old, unknown or malformed. */
    private static final List<String> VERSIONS =
            List.of("HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/9.9", "http/1.1", "HTTP/1.1.1", "HTTP/", "", "SPDY/1");

    /** Texts to insert into the target of a request (its path and query). */
    private static final List<String> TARGET_PARTS = List.of(
            "%",
            "%z",
            "%zz",
            "%00",
            "%ff%fe",
            "%c0%af",
            "%2e%2e/",
            "%2f",
            "%5c",
            "//",
            "/./",
            "/..",
            ";x=y",
            "\\",
            "#f",
            "?",
            "&&=&",
            "\u00E9",
            "\u00C3\u00A9",
            "\u0000",
            "\u007F",
            "|",
            "{x}",
            "[",
            "\"",
            "<",
            " ",
            "\t");

    /** Targets that replace the path and query of a request. */
    private static final List<String> TARGETS = List.of(
            "*",
            "",
            "/",
            "127.0.0.1:1",
            "http://",
            "http://127.0.0.1:1",
            "https://[::1",
            "://x",
            "?",
            "/" + "a".repeat(20_000));

    /** Values of the header Content-Length, nearly all of them invalid. */
    private static final List<String> LENGTHS = List.of(
            "-1", "+1", "0x1", "1 1", "1,1", "", " ", "99999999999999999999", "2147483648", "1e1", "\u00B2", "0");

    /** Values of the header Transfer-Encoding. */
    private static final List<String> CODINGS = List.of(
            "chunked",
            "Chunked",
            " chunked",
            "xchunked",
            "gzip, chunked",
            "chunked, chunked",
            "chunked, identity",
            "identity",
            "gzip",
            "\u000Bchunked",
            "");

    /** Sizes of a chunk that are invalid or do not match its content. */
    private static final List<String> CHUNK_SIZES =
            List.of("zz", "-1", "ffffffffffffffff", "7fffffff", "0x5", "5 ", "", "5;ext=\"a", "00000000000000000005");

    /** Header lines that are malformed, or change how the service reads or answers a request. */
    private static final List<String> HEADER_LINES = List.of(
            "no colon",
            ": no name",
            "bad name: x",
            "bad\tname: x",
            "X-Null: a\u0000b",
            "X-Control: a\u0001\u001F\u007Fb",
            "X-Latin: \u00E9\u00FF",
            "X-Cr: a\rb",
            "X-Folded: a\r\n b",
            "X-Folded: a\r\n\tb\r\n c",
            "\u0000: x",
            "(): x",
            "Host: other.invalid",
            "Host: 127.0.0.1:1",
            "Host:",
            "Expect: 100-continue",
            "Expect: 200-maybe",
            "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__",
            "Connection: Upgrade\r\nUpgrade: websocket",
            "Connection: \u0000",
            "Transfer-Encoding: chunked",
            "Content-Length: 0",
            "Content-Length: 5",
            "TE: trailers, deflate;q=0.5",
            "Trailer: Content-Length",
            "Authorization: Basic YTpi",
            "Authorization: Bearer x",
            "Authorization: SDK-HMAC-SHA256 Access=, SignedHeaders=, Signature=",
            "Authorization: SDK-HMAC-SHA256 Access=a Access=b",
            "Authorization: V11-HMAC-SHA256 Credential=a/20300101/x/y, SignedHeaders=host, Signature=00",
            "Authorization:",
            "X-Auth-Token: x",
            "X-Auth-Token:",
            "X-Sdk-Date: 99999999T999999Z",
            "Cookie: " + "a=b; ".repeat(500));

    /**
     * The changes by name, sorted by name, so that a seed always chooses the same one. A change that has several names,
     * such as {@code header-line} and {@code header-line-2}, is chosen more often.
     */
    private static final Map<String, BiConsumer<WireMessage, Random>> CHANGES = changes();

    private static final List<String> NAMES = List.copyOf(CHANGES.keySet());

    private WireMutator() {}

    /** Returns all changes, by their names. */
    private static Map<String, BiConsumer<WireMessage, Random>> changes() {
        Map<String, BiConsumer<WireMessage, Random>> changes = new TreeMap<>();
        changes.put(
                "body-cut",
                (message, random) -> message.body =
                        message.body.substring(0, message.body.isEmpty() ? 0 : random.nextInt(message.body.length())));
        changes.put("body-longer", (message, random) -> message.body += "x".repeat(1 + random.nextInt(50)));
        changes.put("length", (message, random) -> message.set("Content-Length", pick(LENGTHS, random)));
        changes.put("length-none", (message, random) -> message.remove("Content-Length"));
        changes.put(
                "length-twice",
                (message, random) ->
                        message.headers.add("Content-Length: " + (message.body.length() + random.nextInt(2))));
        changes.put("chunked", (message, random) -> sendInChunks(message, random, /* keepLength= */ false));
        changes.put("chunked-and-length", (message, random) -> sendInChunks(message, random, /* keepLength= */ true));
        changes.put("chunk-size", WireMutator::breakChunk);
        changes.put("coding", (message, random) -> message.set("Transfer-Encoding", pick(CODINGS, random)));
        changes.put("header-line", WireMutator::addHeaderLine);
        changes.put("header-line-2", WireMutator::addHeaderLine);
        changes.put("header-twice", (message, random) -> message.headers.add(pick(message.headers, random)));
        changes.put("header-folded", WireMutator::foldHeader);
        changes.put(
                "header-long",
                (message, random) -> message.headers.add("X-Long: " + "a".repeat(random.nextInt(20_000))));
        changes.put("header-many", (message, random) -> {
            for (int i = 0; i < 300; i++) {
                message.headers.add("X-" + i + ": " + i);
            }
        });
        changes.put("header-none", (message, random) -> message.headers.remove(random.nextInt(message.headers.size())));
        changes.put("target-absolute", WireMutator::makeAbsolute);
        changes.put("target-other", (message, random) -> message.target = pick(TARGETS, random));
        changes.put(
                "target-part",
                (message, random) ->
                        message.target = DraftMutator.insert(message.target, pick(TARGET_PARTS, random), random));
        changes.put(
                "target-part-2",
                (message, random) ->
                        message.target = DraftMutator.insert(message.target, pick(TARGET_PARTS, random), random));
        changes.put("method", (message, random) -> message.method = pick(METHODS, random));
        changes.put("version", (message, random) -> message.version = pick(VERSIONS, random));
        changes.put("line-ends", (message, random) -> message.lineEnd = random.nextBoolean() ? "\n" : "\r");
        changes.put("pipelined", WireMutator::pipeline);
        changes.put("smuggled", (message, random) -> {
            message.set("Transfer-Encoding", "chunked");
            message.following = "0\r\n\r\nGET /v3/projects HTTP/1.1\r\nHost: x\r\n\r\n";
        });
        return changes;
    }

    /** Changes a request in one way, and returns the name of the change. */
    static String change(WireMessage message, Random random) {
        String name = pick(NAMES, random);
        BiConsumer<WireMessage, Random> change = CHANGES.get(name);
        if (change != null && !message.headers.isEmpty()) {
            change.accept(message, random);
        }
        return name;
    }

    /** Changes single bytes of a request. */
    static String changeBytes(String request, Random random) {
        StringBuilder changedRequest = new StringBuilder(request);
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes && !changedRequest.isEmpty(); i++) {
            int position = random.nextInt(changedRequest.length());
            char octet = (char) random.nextInt(256);
            switch (random.nextInt(5)) {
                case 0 -> changedRequest.setCharAt(position, octet);
                case 1 -> changedRequest.insert(position, octet);
                case 2 -> changedRequest.deleteCharAt(position);
                case 3 ->
                    changedRequest.setCharAt(
                            position, (char) (changedRequest.charAt(position) ^ (1 << random.nextInt(8))));
                default -> changedRequest.setLength(position);
            }
        }
        return changedRequest.toString();
    }

    private static <T> T pick(List<T> choices, Random random) {
        return choices.get(random.nextInt(choices.size()));
    }

    private static void addHeaderLine(WireMessage message, Random random) {
        message.headers.add(random.nextInt(message.headers.size() + 1), pick(HEADER_LINES, random));
    }

    /** Breaks a header after its colon, so that its value continues on the next line. */
    private static void foldHeader(WireMessage message, Random random) {
        int position = random.nextInt(message.headers.size());
        message.headers.set(
                position,
                message.headers.get(position).replaceFirst(": ", random.nextBoolean() ? ":\r\n " : ": \r\n\t"));
    }

    /** Sends the body in chunks, some of them with extensions, and sometimes with trailers. */
    private static void sendInChunks(WireMessage message, Random random, boolean keepLength) {
        if (!keepLength) {
            message.remove("Content-Length");
        }
        message.set("Transfer-Encoding", "chunked");
        StringBuilder chunks = new StringBuilder();
        String rest = message.body;
        while (!rest.isEmpty()) {
            int size = Math.min(rest.length(), 1 + random.nextInt(Math.max(rest.length(), 16)));
            chunks.append(Integer.toHexString(size))
                    .append(random.nextInt(4) == 0 ? ";name=value" : "")
                    .append("\r\n")
                    .append(rest, 0, size)
                    .append("\r\n");
            rest = rest.substring(size);
        }
        chunks.append("0\r\n")
                .append(random.nextInt(3) == 0 ? "X-Trailer: a\r\nContent-Length: 3\r\n" : "")
                .append("\r\n");
        message.body = chunks.toString();
    }

    /** Sends the body as a chunk whose size is wrong, and perhaps leaves out the end of the body. */
    private static void breakChunk(WireMessage message, Random random) {
        message.remove("Content-Length");
        message.set("Transfer-Encoding", "chunked");
        message.body =
                pick(CHUNK_SIZES, random) + "\r\n" + message.body + (random.nextBoolean() ? "\r\n0\r\n\r\n" : "");
    }

    /** Replaces the path by a whole URL, often the URL of another server. */
    private static void makeAbsolute(WireMessage message, Random random) {
        int host = message.indexOf("Host");
        String ownHost = host < 0
                ? "127.0.0.1"
                : message.headers.get(host).substring("Host:".length()).strip();
        List<String> origins =
                List.of("http://" + ownHost, "https://" + ownHost, "HTTP://OTHER.invalid", "http://user@" + ownHost);
        message.target = pick(origins, random) + message.target;
    }

    /** Lets the same request, or one with other credentials, follow on the same connection. */
    private static void pipeline(WireMessage message, Random random) {
        message.remove("Connection");
        String repeatedRequest = message.text();
        message.following = random.nextBoolean()
                ? repeatedRequest + repeatedRequest
                : "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n" + repeatedRequest;
    }
}
