package io.keysweep.server.iam.signature;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Creates copies of a valid request, each with another signed part changed. */
final class ChangedRequests {

    private final SignedRequest valid;
    private final Map<String, SignedRequest> changed = new LinkedHashMap<>();

    private ChangedRequests(SignedRequest valid) {
        this.valid = valid;
    }

    /** Returns the copies, each by a description of its change. */
    static Map<String, SignedRequest> of(SignedRequest valid) {
        ChangedRequests requests = new ChangedRequests(valid);
        requests.changeLineAndBody();
        requests.changeHeaders();
        requests.changeAuthorization();
        return requests.changed;
    }

    /** Returns a request with other values of a header, or without the header if there are none. */
    static SignedRequest withHeader(SignedRequest request, String name, String... values) {
        Map<String, List<String>> headers = new TreeMap<>(request.headers());
        headers.remove(name);
        if (values.length > 0) {
            headers.put(name, List.of(values));
        }
        return new SignedRequest(request.method(), request.rawPath(), request.rawQuery(), headers, request.body());
    }

    /** Returns the first value of a header. */
    static String value(SignedRequest request, String name) {
        return request.values(name).getFirst();
    }

    /** Returns the names of the headers that the signature covers, in the order of the Authorization header. */
    static List<String> signedHeaderNames(SignedRequest request) {
        String authorization = value(request, "authorization");
        return List.of(
                authorization.replaceFirst(".*SignedHeaders=([^,]*),.*", "$1").split(";", -1));
    }

    private void changeLineAndBody() {
        String path = valid.rawPath();
        String query = valid.rawQuery() == null ? "" : valid.rawQuery();
        line("method", "DELETE", path, query, valid.body());
        line("method's case", "Get", path, query, valid.body());
        line("path", valid.method(), path + "x", query, valid.body());
        line("path segment", valid.method(), path.replaceFirst("/v", "/w"), query, valid.body());
        line("query added", valid.method(), path, query + "&x=1", valid.body());
        if (!query.isEmpty()) {
            line("query removed", valid.method(), path, "", valid.body());
            line("query value", valid.method(), path, query + "0", valid.body());
            line("query name", valid.method(), path, "x" + query, valid.body());
        }
        line("body longer", valid.method(), path, query, Arrays.copyOf(valid.body(), valid.body().length + 1));
        if (valid.body().length > 0) {
            byte[] flipped = valid.body().clone();
            flipped[flipped.length / 2] ^= 1;
            line("body byte", valid.method(), path, query, flipped);
        }
    }

    /** Adds a copy with another request line or body. */
    private void line(String part, String method, String path, String query, byte[] body) {
        changed.put(part, new SignedRequest(method, path, query, valid.headers(), body));
    }

    private void changeHeaders() {
        for (String name : signedHeaderNames(valid)) {
            String value = value(valid, name);
            changed.put(name + " longer", withHeader(valid, name, value + "0"));
            changed.put(name + " altered", withHeader(valid, name, lastCharacterChanged(value)));
            changed.put(name + " removed", withHeader(valid, name));
            changed.put(name + " twice", withHeader(valid, name, value, value));
        }
    }

    private void changeAuthorization() {
        String text = value(valid, "authorization");
        authorization("signature", lastCharacterChanged(text));
        authorization("signature shorter", text.substring(0, text.length() - 2));
        authorization("signature longer", text + "00");
        authorization("access key", text.replaceFirst("(Access=|Credential=)(.)", "$1X$2"));
        authorization("algorithm", text.replaceFirst("SHA256|SM3", "SHA512"));

        String firstName = signedHeaderNames(valid).getFirst();
        authorization("a name fewer", text.replaceFirst("SignedHeaders=" + firstName + ";", "SignedHeaders="));
        authorization("names in other case", text.replace("x-sdk-date", "X-Sdk-Date"));
        changed.put("authorization twice", withHeader(valid, "authorization", text, text));
        changed.put("authorization removed", withHeader(valid, "authorization"));

        // Only a signature with a derived key has a scope.
        if (text.contains("Credential=")) {
            authorization("region", text.replaceFirst("(/[0-9]{8}/)", "$1x"));
            authorization("service", text.replaceFirst("(/[0-9]{8}/[^/]*/)", "$1x"));
            authorization("day", text.replaceFirst("/[0-9]{8}/", "/20010101/"));
        }
    }

    /** Adds a copy with another Authorization header. Throws AssertionError if the header is the valid one. */
    private void authorization(String part, String text) {
        if (text.equals(value(valid, "authorization"))) {
            throw new AssertionError("Nothing changed: " + part);
        }
        changed.put(part, withHeader(valid, "authorization", text));
    }

    private static String lastCharacterChanged(String text) {
        char last = text.charAt(text.length() - 1);
        return text.substring(0, text.length() - 1) + (last == '0' ? '1' : '0');
    }
}
