package io.keysweep.server.iam.principal;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An access key state says whether the key can be used, or the first reason why it cannot. */
enum KeyState {
    ENABLED("enabled"),
    DISABLED("disabled"),
    EXPIRED("expired"),
    OWNER_DISABLED("ownerDisabled");

    private final String wireName;

    KeyState(String wireName) {
        this.wireName = wireName;
    }

    /** Returns the name of the state in the API. */
    String wireName() {
        return wireName;
    }

    /**
     * Returns the state of a key at an instant. Requests and lists both call this method, so they always agree.
     *
     * @param disabledAt when the key was disabled; null for never
     * @param expiresAt first instant at which the key has expired; null for never
     * @param isOwnerDisabled whether the user who owns the key is disabled
     */
    static KeyState at(
            Instant now, @Nullable Instant disabledAt, @Nullable Instant expiresAt, boolean isOwnerDisabled) {
        if (disabledAt != null) {
            return DISABLED;
        }
        if (expiresAt != null && !now.isBefore(expiresAt)) {
            return EXPIRED;
        }
        return isOwnerDisabled ? OWNER_DISABLED : ENABLED;
    }
}
