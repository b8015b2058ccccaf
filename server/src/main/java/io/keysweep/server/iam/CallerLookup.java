package io.keysweep.server.iam;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * Finds the caller that an access key identifies, for every authentication: signature, token, session and sign-in.
 *
 * <p>Each call reads the database, so a key that is withdrawn, disabled or expired is refused at once, and a change of
 * its rights has effect at once. Safe for use by several threads.
 */
@Component
public final class CallerLookup {

    private final IamStore store;
    private final RightsResolver rights;
    private final KeyUses uses;
    private final InstantSource clock;

    CallerLookup(IamStore store, RightsResolver rights, KeyUses uses, InstantSource clock) {
        this.store = store;
        this.rights = rights;
        this.uses = uses;
        this.clock = clock;
    }

    /** Finds the caller with an access key and its current permissions; empty if the key cannot be used. */
    public Optional<Caller> find(String accessKey) {
        return store.accessKey(accessKey)
                .filter(key -> key.refusal(clock.instant()).isEmpty())
                .map(this::caller);
    }

    /**
     * Returns the caller with an access key, whose secret the client has proved to know.
     *
     * @throws RequestRefusedException if the key does not exist, is disabled or has expired; the message says which
     */
    Caller require(String accessKey) {
        AccessKey key = store.accessKey(accessKey)
                .orElseThrow(() -> RequestRefusedException.of(
                        ErrorCode.INVALID_TOKEN, "The access key " + accessKey + " does not exist."));
        return requireUsable(key);
    }

    /** Returns those of some access keys that can be used. Requests that last end without their key. */
    public Set<String> usable(Set<String> accessKeys) {
        return store.usable(accessKeys, clock.instant());
    }

    /**
     * Finds the caller with an access key if the secret key is right. The duration of the comparison does not depend on
     * how much of the secret key is right, so that it does not reveal the secret.
     *
     * @return empty if the access key is unknown or the secret key is wrong
     * @throws RequestRefusedException if the secret key is right, but the access key is disabled or has expired
     */
    public Optional<Caller> authenticate(String accessKey, String secretKey) {
        return store.accessKey(accessKey)
                .filter(found ->
                        MessageDigest.isEqual(found.secret().bytes(), secretKey.getBytes(StandardCharsets.UTF_8)))
                .map(this::requireUsable);
    }

    private Caller requireUsable(AccessKey key) {
        key.refusal(clock.instant()).ifPresent(reason -> {
            throw RequestRefusedException.of(ErrorCode.INVALID_TOKEN, reason);
        });
        return caller(key);
    }

    private Caller caller(AccessKey key) {
        uses.record(key.id());
        return new Caller(key.id(), key.projectId(), rights.grants(key.projectId(), key.rights()));
    }
}
