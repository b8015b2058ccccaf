package io.keysweep.benchmarks.fuzz;

import io.keysweep.api.signature.RequestSigner;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Makes the requests of a run.
 *
 * <p>A request depends only on the seed, its number and the target, not on earlier requests, so that each can be
 * repeated alone. Safe to share between threads.
 */
final class RequestGenerator {

    /**
     * The number of requests of which one is left incomplete on an open connection. Such a request is rare, because the
     * client must then wait until the service ends the connection.
     */
    private static final int OPEN_ENDED = 5_000;

    private final long seed;
    private final List<FuzzedOperation> operations;
    private final SchemaSampler sampler;

    /** Names how a request authenticates its caller. */
    private enum Credential {
        SIGNATURE,
        FORGED_SIGNATURE,
        TOKEN,
        SESSION,
        SIGNATURE_AND_TOKEN,
        NONE
    }

    RequestGenerator(long seed, List<FuzzedOperation> operations, SchemaSampler sampler) {
        this.seed = seed;
        // The order in which the console lists its pages may change, so the operations are sorted.
        this.operations = operations.stream()
                .sorted(Comparator.comparing(FuzzedOperation::toString))
                .toList();
        this.sampler = sampler;
    }

    /** Returns the request with a number. */
    FuzzRequest request(long number, TargetValues target) {
        // The factors are large and odd, so that neighbouring seeds and numbers have unlike random choices.
        Random random = new Random(seed * 0x9E3779B97F4A7C15L + number * 0xD1342543DE82EF95L);
        FuzzedOperation operation = operations.get(random.nextInt(operations.size()));
        List<String> changes = new ArrayList<>();
        RequestDraft draft = RequestDraft.of(operation, target, sampler, random);
        for (int i = random.nextInt(4); i > 0; i--) {
            changes.add(DraftMutator.change(draft, random));
        }
        Credential credential = chooseCredential(operation, random);
        WireMessage message = authenticate(draft, credential, target);
        if (random.nextInt(8) > 0) {
            message.set("Connection", "close");
        }
        // Three of five requests get no change here, so that hostile values in well-formed requests reach the
        // operation.
        for (int i = Math.max(0, random.nextInt(5) - 2); i > 0; i--) {
            changes.add(WireMutator.change(message, random));
        }
        String octets = message.text();
        if (random.nextInt(12) == 0) {
            changes.add("bytes");
            octets = WireMutator.changeBytes(octets, random);
        }
        boolean endsOutput = number % OPEN_ENDED != 1;
        if (!endsOutput) {
            changes.add("open-ended");
            octets = octets.substring(0, random.nextInt(octets.length() + 1));
        }
        return new FuzzRequest(number, operation + " by " + credential + " " + changes, octets, endsOutput);
    }

    /** Chooses the credential of a request: mostly the right kind, and sometimes another or none. */
    private static Credential chooseCredential(FuzzedOperation operation, Random random) {
        int choice = random.nextInt(20);
        if (operation.isConsole()) {
            return switch (choice) {
                case 0 -> Credential.NONE;
                case 1 -> Credential.TOKEN;
                default -> Credential.SESSION;
            };
        }
        return switch (choice) {
            case 0 -> Credential.NONE;
            case 1 -> Credential.FORGED_SIGNATURE;
            case 2 -> Credential.SIGNATURE_AND_TOKEN;
            case 3 -> Credential.SESSION;
            case 4, 5, 6, 7 -> Credential.TOKEN;
            default -> Credential.SIGNATURE;
        };
    }

    /**
     * Adds the credential to a request. If its URL or a header cannot be signed, the request gets a token instead of a
     * signature.
     */
    private static WireMessage authenticate(RequestDraft draft, Credential credential, TargetValues target) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(draft.headers);
        switch (credential) {
            case SIGNATURE -> sign(draft, target.signer(), headers, target);
            case FORGED_SIGNATURE -> sign(draft, target.signerWithWrongSecret(), headers, target);
            case SIGNATURE_AND_TOKEN -> {
                sign(draft, target.signer(), headers, target);
                headers.put("X-Auth-Token", target.token());
            }
            case TOKEN -> headers.put("X-Auth-Token", target.token());
            case SESSION -> headers.put("Cookie", target.cookies());
            case NONE -> {}
        }
        WireMessage message = new WireMessage(draft.method, draft.pathAndQuery(), draft.body);
        message.headers.add("Host: " + target.host());
        headers.forEach((name, value) -> message.headers.add(name + ": " + value));
        if (!draft.body.isEmpty() || draft.method.startsWith("P")) {
            message.headers.add("Content-Length: " + draft.body.length());
        }
        return message;
    }

    private static void sign(
            RequestDraft draft, RequestSigner signer, Map<String, String> headers, TargetValues target) {
        headers.remove("X-Sdk-Content-Sha256");
        try {
            Map<String, String> signedHeaders = signer.sign(
                    draft.method,
                    URI.create("http://" + target.host() + draft.pathAndQuery()),
                    headers,
                    Octets.bytes(draft.body));
            headers.putAll(signedHeaders);
        } catch (IllegalArgumentException e) {
            headers.put("X-Auth-Token", target.token());
        }
    }
}
