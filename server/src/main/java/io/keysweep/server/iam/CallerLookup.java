package io.keysweep.server.iam;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * Finds the caller that an access key identifies, for every authentication: signature, token, session and sign-in.
 *
 * <p>Each call reads the database, so a withdrawn key is refused at once. Safe for use by several threads.
 */
@Component
public final class CallerLookup {

    private final IamStore store;

    CallerLookup(IamStore store) {
        this.store = store;
    }

    /** Finds the caller with an access key and its current permissions; empty if the key is unknown or withdrawn. */
    public Optional<Caller> find(String accessKey) {
        return store.accessKey(accessKey).map(AccessKey::caller);
    }

    /** Returns those of some access keys that exist. Requests that last, such as event streams, end without theirs. */
    public Set<String> existing(Set<String> accessKeys) {
        return store.existing(accessKeys);
    }

    /**
     * Finds the caller with an access key if the secret key is right. The duration of the comparison does not depend on
     * how much of the secret key is right, so that it does not reveal the secret.
     *
     * @return empty if the access key is unknown or the secret key is wrong
     */
    public Optional<Caller> authenticate(String accessKey, String secretKey) {
        return store.accessKey(accessKey)
                .filter(found ->
                        MessageDigest.isEqual(found.secret().bytes(), secretKey.getBytes(StandardCharsets.UTF_8)))
                .map(AccessKey::caller);
    }
}
