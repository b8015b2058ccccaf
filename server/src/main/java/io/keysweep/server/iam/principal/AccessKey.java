package io.keysweep.server.iam.principal;

import io.keysweep.server.error.Phrase;
import io.keysweep.server.iam.InstanceSelector;
import io.keysweep.server.iam.signature.SecretAccessKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Describes an access key, with which a caller authenticates its requests. {@link AccessKeyStore} stores the keys.
 *
 * @param id access key id (AK), which is not secret
 * @param projectId id of the project that the key acts for
 * @param secret secret access key (SK), decrypted
 * @param owner name of the user who owns the key, and whose rights limit it; null for a key of the project
 * @param rights what the key may do
 * @param disabledAt when the key was disabled; null while it can be used
 * @param expiresAt first instant at which the key can no longer be used; null if it never expires
 * @param ownerDisabled whether the user who owns the key is disabled, so that the key cannot be used
 */
record AccessKey(
        String id,
        String projectId,
        SecretAccessKey secret,
        @Nullable String owner,
        PrincipalRights rights,
        @Nullable Instant disabledAt,
        @Nullable Instant expiresAt,
        boolean ownerDisabled) {

    /** Creates a key of the project that has only actions: no policies, no narrowing to some instances, no expiry. */
    AccessKey(String id, String projectId, SecretAccessKey secret, Set<String> actions) {
        this(
                id,
                projectId,
                secret,
                /* owner= */ null,
                new PrincipalRights(actions, List.of(), InstanceSelector.ALL),
                /* disabledAt= */ null,
                /* expiresAt= */ null,
                /* ownerDisabled= */ false);
    }

    /** Returns why the key cannot be used at an instant, as a sentence; empty if it can. */
    Optional<Phrase> refusal(Instant now) {
        return switch (KeyState.at(now, disabledAt, expiresAt, ownerDisabled)) {
            case ENABLED -> Optional.empty();
            case DISABLED -> Optional.of(Phrase.of("The access key {0} is disabled.", id));
            case EXPIRED -> Optional.of(Phrase.of("The access key {0} expired at {1}.", id, String.valueOf(expiresAt)));
            case OWNER_DISABLED ->
                Optional.of(Phrase.of(
                        "The user {0}, who owns the access key {1}, is disabled.", String.valueOf(owner), id));
        };
    }
}
