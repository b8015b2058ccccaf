package io.keysweep.benchmarks.fuzz;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Holds a request before it is signed, so that {@link DraftMutator} can change it.
 *
 * <p>All texts of a draft have one character for each byte, see {@link Octets}.
 */
final class RequestDraft {

    private static final Pattern VARIABLE = Pattern.compile("([^/]+)/\\{(\\w+)}");

    String method;
    String path;

    /** The parts of the query in their raw form, such as {@code limit=10}. */
    final List<String> query = new ArrayList<>();

    final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    /**
     * The JSON from which {@link #body} is made, so that a mutation can change a field; a missing node if the request
     * has no body or its body is a form.
     */
    JsonNode json = JsonNodeFactory.instance.missingNode();

    String body = "";

    private RequestDraft(String method, String path) {
        this.method = method;
        this.path = path;
    }

    /** Creates a request that the operation most likely accepts. */
    static RequestDraft of(FuzzedOperation operation, TargetValues target, SchemaSampler sampler, Random random) {
        RequestDraft draft = new RequestDraft(operation.method(), path(operation.path(), target, random));
        // A third of the optional query parameters and a quarter of the optional headers are sent.
        new TreeMap<>(operation.query()).forEach((name, schema) -> {
            if (random.nextInt(3) == 0) {
                draft.query.add(name + "=" + encode(sampler.sample(name, schema, target, random)));
            }
        });
        new TreeMap<>(operation.headers()).forEach((name, schema) -> {
            if (random.nextInt(4) == 0) {
                draft.headers.put(name, headerValue(name, sampler.sample(name, schema, target, random), random));
            }
        });
        JsonNode schema = operation.body();
        if (schema != null && operation.form()) {
            List<String> fields = new ArrayList<>();
            sampler.sample("form", schema, target, random)
                    .properties()
                    .forEach(field -> fields.add(field.getKey() + "=" + encode(field.getValue())));
            draft.body = String.join("&", fields);
            draft.headers.put("Content-Type", "application/x-www-form-urlencoded");
        } else if (schema != null) {
            draft.json = sampler.sample("body", schema, target, random);
            draft.body = Octets.utf8(JsonMapper.shared().writeValueAsString(draft.json));
            draft.headers.put("Content-Type", "application/json");
        }
        return draft;
    }

    /** Replaces each variable of a path template by an id of the target, and returns the path. */
    private static String path(String template, TargetValues target, Random random) {
        String path = template;
        for (Matcher variable = VARIABLE.matcher(path); variable.find(); variable = VARIABLE.matcher(path)) {
            String id = target.id(variable.group(1), random);
            path = path.substring(0, variable.end(1)) + "/" + id + path.substring(variable.end());
        }
        return path;
    }

    private static String headerValue(String name, JsonNode sample, Random random) {
        // A random version from 0 to 3 is sometimes the current one.
        return name.equals("If-Match") ? "\"" + random.nextInt(4) + "\"" : Octets.utf8(sample.asString(""));
    }

    private static String encode(JsonNode value) {
        if (value.isNull()) {
            return "";
        }
        return encode(value.isString() ? value.asString() : value.toString());
    }

    /** Percent-encodes the characters of a text that a query must not contain. */
    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Returns the path with the query. */
    String pathAndQuery() {
        return query.isEmpty() ? path : path + "?" + String.join("&", query);
    }
}
