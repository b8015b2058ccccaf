package io.keysweep.benchmarks.fuzz;

import io.keysweep.api.signature.RequestSigner;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/**
 * Holds values of the service that requests contain: its address, ids of its resources, and credentials.
 *
 * <p>All values of a kind have the same length in every run, so that a change at a random position hits the same part
 * of a request again.
 *
 * @param host the address, such as {@code 127.0.0.1:8379}
 * @param ids ids of resources, by the path segment that precedes an id, such as {@code instances}
 * @param serverUri the URI of a Redis server that the service can sweep
 * @param signingKey the access key that signs requests; requests do not contain its secret
 * @param payloadKey an access key whose id and secret appear as values in bodies and forms; it signs nothing
 * @param token a token of the signing key
 * @param cookies the cookies of a session of the console
 * @param formToken the token that the forms of this session contain
 * @param clock the time of signatures
 */
record TargetValues(
        String host,
        Map<String, List<String>> ids,
        String serverUri,
        Key signingKey,
        Key payloadKey,
        String token,
        String cookies,
        String formToken,
        InstantSource clock) {

    /** Holds an access key and its secret. */
    record Key(String accessKey, String secretKey) {

        /** Returns the access key without the secret. */
        @Override
        public String toString() {
            return accessKey;
        }
    }

    /** Returns one of the ids that follow a segment of a path; a random UUID if none is known. */
    String id(String segment, Random random) {
        List<String> knownIds = ids.getOrDefault(segment, List.of());
        return knownIds.isEmpty()
                ? new UUID(random.nextLong(), random.nextLong()).toString()
                : knownIds.get(random.nextInt(knownIds.size()));
    }

    /** Returns a signer with the right secret. */
    RequestSigner signer() {
        return new RequestSigner(signingKey.accessKey(), signingKey.secretKey(), clock);
    }

    /** Returns a signer with a wrong secret. */
    RequestSigner signerWithWrongSecret() {
        return new RequestSigner(signingKey.accessKey(), "wrong" + signingKey.accessKey(), clock);
    }
}
