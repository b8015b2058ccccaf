package io.keysweep.benchmarks.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Provides sample API operations, and the addresses and credentials of an invented service, for the fuzzer's tests.
 */
final class FuzzSamples {

    /** The page that documents the operations of the DCS API, the API of Huawei Cloud's Distributed Cache Service. */
    static final Path DCS_TABLE = Path.of("..", "docs", "dcs-compatibility.md");

    /** An OpenAPI document with references, parameters and schemas as the service's own document has them. */
    static final JsonNode OPEN_API = JsonMapper.shared().readTree("""
            {"paths": {
               "/api/v1/scans": {
                 "get": {"operationId": "listScans", "parameters": [
                   {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 200}},
                   {"$ref": "#/components/parameters/Key"}]},
                 "post": {"operationId": "createScan", "requestBody": {"$ref": "#/components/requestBodies/Scan"}}},
               "/api/v1/scans/{id}": {
                 "parameters": [{"name": "id", "in": "path"}],
                 "patch": {"operationId": "tuneScan", "requestBody": {"content": {"application/json": {"schema": {
                   "allOf": [{"$ref": "#/components/schemas/Scan"}, {"type": "object", "required": ["share"],
                     "properties": {"share": {"type": ["number", "null"]}, "tags": {"type": "array", "minItems": 1,
                       "items": {"enum": ["a", "b"]}}}}]}}}}}}},
             "components": {
               "parameters": {"Key": {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string"}}},
               "requestBodies": {"Scan": {"content": {"application/json": {"schema": {
                 "$ref": "#/components/schemas/Scan"}}}}},
               "schemas": {"Scan": {"type": "object", "required": ["instanceId", "profile"], "properties": {
                 "instanceId": {"type": "string", "format": "uuid"},
                 "profile": {"oneOf": [{"enum": ["gentle", "full"]}]}}}}}}""");

    /** The secret that signs requests and is never sent. */
    static final String SIGNING_SECRET = "signing-secret";

    /** The secret that requests contain as a value. */
    static final String SENT_SECRET = "sent-secret";

    /** The addresses, ids and credentials of an invented service. */
    static final TargetValues TARGET = new TargetValues(
            /* host= */ "127.0.0.1:8379",
            Map.of(
                    "projects", List.of("0123456789abcdef0123456789abcdef"),
                    "v2", List.of("0123456789abcdef0123456789abcdef"),
                    "instances", List.of("11111111-1111-4111-8111-111111111111"),
                    "scans", List.of("22222222-2222-4222-8222-222222222222")),
            /* serverUri= */ "redis://127.0.0.1:6379",
            /* signingKey= */ new TargetValues.Key("SIGNINGKEY", SIGNING_SECRET),
            /* payloadKey= */ new TargetValues.Key("SENTKEY", SENT_SECRET),
            /* token= */ "token",
            /* cookies= */ "keysweep_session=s",
            /* formToken= */ "form-token",
            /* clock= */ () -> Instant.parse("2026-11-29T10:00:00Z"));

    /** A page of the console with a link, a form that only reads, and a form that changes something. */
    private static final String PAGE = """
            <a href="/console/scans/22222222-2222-4222-8222-222222222222?page=2&amp;x=1">scan</a>
            <form method="get" action="/console"><input name="q"></form>
            <form method="post" class="card" action="/console/instances/11111111-1111-4111-8111-111111111111/scan">
              <input type="hidden" name="_csrf" value="abc"><input name="reason" value="why">
              <select name="profile"><option value="">-</option></select></form>""";

    private static final List<FuzzedOperation> OPERATIONS = read();

    private FuzzSamples() {}

    /** Returns operations of each source: the OpenAPI document, the table of the DCS API, and a page with forms. */
    static List<FuzzedOperation> operations() {
        return OPERATIONS;
    }

    /** Reads the operations of both APIs, and the forms of the console. */
    private static List<FuzzedOperation> read() {
        try {
            List<FuzzedOperation> operations = new ArrayList<>(OpenApiOperations.read(OPEN_API));
            operations.addAll(DcsOperations.read(DCS_TABLE));
            operations.addAll(FormReader.forms(PAGE));
            return List.copyOf(operations);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a generator of requests to these operations. */
    static RequestGenerator generator(long seed) {
        return new RequestGenerator(seed, operations(), new SchemaSampler(OPEN_API));
    }

    /** Returns the operation with a method and path, such as {@code GET /api/v1/scans}. */
    static FuzzedOperation operation(String methodAndPath) {
        return operations().stream()
                .filter(operation -> operation.toString().equals(methodAndPath))
                .findFirst()
                .orElseThrow();
    }
}
