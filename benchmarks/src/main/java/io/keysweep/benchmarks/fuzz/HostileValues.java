package io.keysweep.benchmarks.fuzz;

import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Lists values that programs often handle wrongly: empty, huge or malformed ones, and code of languages such as HTML
 * and SQL.
 */
final class HostileValues {

    /**
     * The name of a header that no answer may have. An answer with it shows that the service took a value for a header.
     */
    static final String INJECTED_HEADER = "X-Injected";

    /** Text that no page may contain unescaped. */
    static final String SCRIPT = "<script>alert(1)</script>";

    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "\t",
            "-",
            "*",
            "null",
            "true",
            "0",
            "-1",
            "1e999",
            "NaN",
            "0x7f",
            "2147483648",
            "-2147483649",
            "18446744073709551616",
            "9".repeat(400),
            "\u0661\u0662\u0663",
            "../../../../etc/passwd",
            "%00",
            "%2e%2e%2f",
            "a\u0000b",
            "a\r\n" + INJECTED_HEADER + ": 1\r\n\r\n",
            "a\n2030-01-01 forged line",
            "' or '1'='1",
            "\"; drop table scan; --",
            "${7*7}",
            "{{7*7}}",
            "#{7*7}",
            "@{/console}",
            SCRIPT,
            "\uD83D\uDE00",
            "\uD800",
            "\uFFFF\uFFFE",
            "\u202Egnp",
            "e\u0301".repeat(200),
            "a".repeat(65),
            "a".repeat(5_000),
            "a".repeat(70_000),
            "2030-13-45T99:99:99Z",
            "+999999999-12-31T23:59:59Z",
            "-999999999-01-01T00:00:00Z",
            "0000-00-00",
            "24:00",
            "Mars/Olympus",
            "redis://",
            "redis://[::1",
            "redis://127.0.0.1:99999",
            "redis-cluster://127.0.0.1:1,127.0.0.1:2",
            "redis-sentinel://127.0.0.1:1#a#b",
            "rediss://127.0.0.1:1",
            "unix:///etc/passwd",
            "file:///etc/passwd",
            "http://127.0.0.1:1/a b",
            "http://user:word@127.0.0.1:1/",
            "http://169.254.169.254/latest",
            "127.0.0.1:1=127.0.0.1:1,=",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
            "00000000-0000-0000-0000-000000000000",
            "W/\"1\"",
            "\"1\"",
            "\"99999999999999999999\"",
            "\"");

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** The greatest depth of nested values. {@link JsonMutator} makes deeper ones as texts. */
    private static final int DEEP = 150;

    private HostileValues() {}

    /** Returns one of the texts. */
    static String text(Random random) {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    /** Returns a JSON value that is most likely not what a field expects. */
    static JsonNode json(Random random) {
        return switch (random.nextInt(14)) {
            case 0 -> NODES.nullNode();
            case 1 -> NODES.booleanNode(random.nextBoolean());
            case 2 -> NODES.numberNode(random.nextLong());
            case 3 -> NODES.numberNode(Integer.MAX_VALUE + 1L);
            case 4 -> NODES.numberNode(-1);
            case 5 -> NODES.numberNode(0.1);
            case 6 -> NODES.numberNode(new BigInteger("9".repeat(300)));
            case 7 -> NODES.arrayNode();
            case 8 -> NODES.objectNode();
            case 9 -> nestedValue(1 + random.nextInt(DEEP));
            case 10 -> many(random.nextInt(2_000));
            default -> NODES.stringNode(text(random));
        };
    }

    /** Returns arrays and objects that contain each other, to the given depth. */
    private static JsonNode nestedValue(int depth) {
        JsonNode node = NODES.objectNode();
        for (int i = 0; i < depth; i++) {
            node = i % 2 == 0 ? NODES.arrayNode().add(node) : NODES.objectNode().set("a", node);
        }
        return node;
    }

    /** Returns an array with many elements. */
    private static JsonNode many(int elements) {
        ArrayNode array = NODES.arrayNode();
        for (int i = 0; i < elements; i++) {
            ObjectNode element = NODES.objectNode();
            array.add(element.put("name", "n" + i));
        }
        return array;
    }
}
