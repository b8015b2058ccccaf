package io.keysweep.server.iam;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Describes an access key, with which a caller authenticates its requests. {@link IamStore} stores the keys.
 *
 * @param id access key id (AK), which is not secret
 * @param projectId id of the project that the key acts for
 * @param secret secret access key (SK), decrypted
 * @param owner name of the user who owns the key, and whose rights limit it; null for a key of the project
 * @param rights what the key may do
 * @param disabledAt when the key was disabled; null while it can be used
 * @param expiresAt first instant at which the key can no longer be used; null for no end
 */
record AccessKey(
        String id,
        String projectId,
        SecretAccessKey secret,
        @Nullable String owner,
        PrincipalRights rights,
        @Nullable Instant disabledAt,
        @Nullable Instant expiresAt) {

    /** Creates a key without policies, narrowing or end. */
    AccessKey(String id, String projectId, SecretAccessKey secret, Set<String> actions) {
        this(
                id,
                projectId,
                secret,
                /* owner= */ null,
                new PrincipalRights(actions, List.of(), InstanceSelector.ALL),
                /* disabledAt= */ null,
                /* expiresAt= */ null);
    }

    /** Returns why the key cannot be used at an instant, as a sentence; empty if it can. */
    Optional<String> refusal(Instant now) {
        if (disabledAt != null) {
            return Optional.of("The access key " + id + " is disabled.");
        }
        return expiresAt != null && !now.isBefore(expiresAt)
                ? Optional.of("The access key " + id + " expired at " + expiresAt + ".")
                : Optional.empty();
    }
}
