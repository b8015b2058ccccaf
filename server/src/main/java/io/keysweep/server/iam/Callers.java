package io.keysweep.server.iam;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Finds the callers behind access keys. Safe to share. */
@Component
public final class Callers {

    private final IamStore store;

    Callers(IamStore store) {
        this.store = store;
    }

    /** Whoever holds that access key, as it stands now; empty if it was withdrawn. */
    public Optional<Caller> of(String accessKey) {
        return store.accessKey(accessKey).map(AccessKey::caller);
    }

    /** Whoever knows both halves of an access key; empty if either is wrong. */
    public Optional<Caller> knowing(String accessKey, String secretKey) {
        return store.accessKey(accessKey)
                .filter(found ->
                        MessageDigest.isEqual(found.secret().bytes(), secretKey.getBytes(StandardCharsets.UTF_8)))
                .map(AccessKey::caller);
    }
}
