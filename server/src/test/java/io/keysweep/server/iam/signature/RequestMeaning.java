package io.keysweep.server.iam.signature;

import static java.util.stream.Collectors.joining;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Decides which requests have the same meaning, without the code of {@code CanonicalRequest}, which is under test. */
final class RequestMeaning {

    private RequestMeaning() {}

    /** Returns a text that is equal for two requests whose signed parts mean the same. */
    static String of(SignedRequest request) {
        String query = request.rawQuery() == null ? "" : request.rawQuery();
        String headers = ChangedRequests.signedHeaderNames(request).stream()
                .map(name -> name + "=" + ChangedRequests.value(request, name))
                .collect(joining("|"));
        String authorization = ChangedRequests.value(request, "authorization")
                .replaceAll(" +", " ")
                .replaceAll(", *", ",");
        return String.join(
                "\n", request.method(), path(request.rawPath()), query(query), headers, authorization, body(request));
    }

    private static String path(String path) {
        String pathWithSlash = path.endsWith("/") ? path : path + "/";
        return Arrays.stream(pathWithSlash.split("/", -1))
                // In a path, + is a plus sign, not a space.
                .map(segment -> decode(segment.replace("+", "%2B")))
                .toList()
                .toString();
    }

    private static String query(String query) {
        return Arrays.stream(query.split("&", -1))
                .filter(pair -> !pair.isEmpty())
                .map(pair -> pair.contains("=") ? pair : pair + "=")
                .map(RequestMeaning::decode)
                .sorted()
                .toList()
                .toString();
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.ISO_8859_1);
    }

    private static String body(SignedRequest request) {
        return HexFormat.of().formatHex(request.body());
    }
}
