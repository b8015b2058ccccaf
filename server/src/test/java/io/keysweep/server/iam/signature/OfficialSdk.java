package io.keysweep.server.iam.signature;

import com.huaweicloud.sdk.core.auth.BasicCredentials;
import com.huaweicloud.sdk.core.auth.SigningAlgorithm;
import com.huaweicloud.sdk.core.http.HttpMethod;
import com.huaweicloud.sdk.core.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Signs requests with Huawei Cloud's Java SDK, as a second implementation to compare with. Each constant is a signature
 * algorithm.
 */
enum OfficialSdk {
    HMAC_SHA256(SigningAlgorithm.HMAC_SHA256),

    /** Signs with a key that is derived from the secret key, a region and a service. */
    DERIVED_HMAC_SHA256(SigningAlgorithm.HMAC_SHA256),

    HMAC_SM3(SigningAlgorithm.HMAC_SM3),
    ECDSA_P256_SHA256(SigningAlgorithm.ECDSA_P256_SHA256),
    SM2_SM3(SigningAlgorithm.SM2_SM3);

    private static final String PROJECT = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";

    private final SigningAlgorithm algorithm;

    OfficialSdk(SigningAlgorithm algorithm) {
        this.algorithm = algorithm;
    }

    /** Returns a signed request that reads a path. */
    SignedRequest get(AccessKeyPair key, String path, Map<String, List<String>> query, Map<String, String> headers) {
        HttpRequest.HttpRequestBuilder builder = builder(HttpMethod.GET, path, headers);
        query.forEach(builder::addQueryParam);
        return sign(key, builder.build(), "");
    }

    /** Returns a signed request that puts a body to a path. */
    SignedRequest put(AccessKeyPair key, String path, String body, Map<String, String> headers) {
        return sign(
                key,
                builder(HttpMethod.PUT, path, headers).withBodyAsString(body).build(),
                body);
    }

    private HttpRequest.HttpRequestBuilder builder(HttpMethod method, String path, Map<String, String> headers) {
        return HttpRequest.newBuilder()
                .withEndpoint("http://127.0.0.1:18080")
                .withPath(path)
                .withMethod(method)
                .withContentType("application/json")
                .addHeaders(headers)
                .withSigningAlgorithm(algorithm);
    }

    /** Signs a request with the SDK, and returns it as the service would receive it. */
    private SignedRequest sign(AccessKeyPair key, HttpRequest request, String body) {
        BasicCredentials credentials = new BasicCredentials()
                .withAk(key.accessKey())
                .withSk(key.secretKey().text())
                .withProjectId(PROJECT);

        // The region and the service are part of the derived key.
        if (this == DERIVED_HMAC_SHA256) {
            credentials.withDerivedPredicate(any -> true);
            credentials.processDerivedAuthParams("dcs", "cn-north-4");
        }

        HttpRequest signed = credentials.processAuthRequest(request, null).join();
        Map<String, List<String>> headers = new TreeMap<>(signed.getHeaders());
        headers.putIfAbsent("Host", List.of("127.0.0.1:18080"));
        return new SignedRequest(
                signed.getMethod().name(),
                signed.getUrl().getPath(),
                signed.getUrl().getQuery(),
                headers,
                body.getBytes(StandardCharsets.UTF_8));
    }
}
