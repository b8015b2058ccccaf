package io.keysweep.server.iam;

import static io.keysweep.server.iam.RefusalReason.MALFORMED_AUTHORIZATION;
import static io.keysweep.server.iam.RefusalReason.NO_AUTHORIZATION;
import static io.keysweep.server.iam.RefusalReason.UNSUPPORTED_ALGORITHM;

import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A well-formed Authorization header.
 *
 * @param scope {@code yyyyMMdd/region/service} where the algorithm has one, else null
 * @param signedHeaders lower-case names, sorted, none twice
 * @param signature lower-case hex
 */
record Authorization(
        SignatureAlgorithm algorithm,
        String accessKey,
        @Nullable String scope,
        List<String> signedHeaders,
        String signature) {

    /** Ours are 20 letters long and the SDKs sign five headers: 300 characters or so, all told. */
    private static final int MAX_LENGTH = 4096;

    // Disjoint character classes throughout, so matching takes linear time.
    private static final Pattern FORM = Pattern.compile("[A-Z0-9-]+ +"
            + "(?:Access=(?<plainKey>[A-Za-z0-9._-]{1,128})"
            + "|Credential=(?<scopedKey>[A-Za-z0-9._-]{1,128})"
            + "/(?<scope>[0-9]{8}/[A-Za-z0-9._-]{1,64}/[A-Za-z0-9._-]{1,64}))"
            + ", *SignedHeaders=(?<names>[a-z0-9!#$%&'*+.^_`|~;-]+)"
            + ", *Signature=(?<signature>(?:[0-9a-f]{2}){8,80})");

    static Authorization parse(List<String> headerValues) throws SignatureRefusedException {
        if (headerValues.isEmpty()) {
            throw new SignatureRefusedException(
                    NO_AUTHORIZATION, "Sign the request: the Authorization header is missing.");
        }
        if (headerValues.size() > 1) {
            throw malformed("send it once");
        }
        if (headerValues.getFirst().length() > MAX_LENGTH) {
            throw malformed("it is longer than " + MAX_LENGTH + " characters");
        }
        String text = headerValues.getFirst();
        SignatureAlgorithm algorithm = algorithm(text);
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw malformed("expected " + algorithm.form());
        }
        String scope = form.group("scope");
        if (algorithm.isScoped() != (scope != null)) {
            throw malformed("expected " + algorithm.form());
        }
        String accessKey = form.group(scope == null ? "plainKey" : "scopedKey");
        return new Authorization(algorithm, accessKey, scope, names(form.group("names")), form.group("signature"));
    }

    private static SignatureAlgorithm algorithm(String text) throws SignatureRefusedException {
        int end = text.indexOf(' ');
        return SignatureAlgorithm.named(end < 0 ? text : text.substring(0, end))
                .orElseThrow(() -> new SignatureRefusedException(
                        UNSUPPORTED_ALGORITHM,
                        "Authorization must begin with one of " + SignatureAlgorithm.allNames() + "."));
    }

    /** One spelling only, as the SDKs have it: the list itself is part of what is signed. */
    private static List<String> names(String joined) throws SignatureRefusedException {
        List<String> names = List.of(joined.split(";", -1));
        if (names.contains("") || !names.equals(List.copyOf(new TreeSet<>(names)))) {
            throw malformed("SignedHeaders must be sorted names, none of them twice");
        }
        return names;
    }

    private static SignatureRefusedException malformed(String problem) {
        return new SignatureRefusedException(MALFORMED_AUTHORIZATION, "Authorization header: " + problem + ".");
    }
}
