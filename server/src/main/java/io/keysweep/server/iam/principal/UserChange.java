package io.keysweep.server.iam.principal;

import io.keysweep.server.iam.InstanceSelector;
import io.keysweep.server.request.DocumentReader;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Describes a change of a user, read from a merge patch (RFC 7396): values that the request leaves out are not changed.
 *
 * @param password the new password; null for no change
 * @param disabled true to disable the user, false to enable; null for no change
 * @param policies the new policies; null for no change
 * @param narrowing the new narrowing: the only instances on which the user may do anything; null for no change
 */
record UserChange(
        @Nullable String password,
        @Nullable Boolean disabled,
        @Nullable List<String> policies,
        @Nullable InstanceSelector narrowing) {

    private static final Set<String> FIELDS = Set.of("password", "disabled", "policies", "instances", "tags");

    /**
     * Reads a change from the body of a request.
     *
     * @throws io.keysweep.server.error.RequestRefusedException if a field is unknown or has a bad value
     */
    static UserChange of(@Nullable JsonNode body) {
        DocumentReader reader = DocumentReader.of(body, FIELDS);
        String password = Passwords.read(reader, "password").orElse(null);
        Boolean disabled = reader.flag("disabled").orElse(null);
        List<String> policies = RightsReader.policies(reader);
        InstanceSelector narrowing = RightsReader.selector(reader);
        return reader.requireValid(() -> new UserChange(
                password,
                disabled,
                reader.has("policies") ? policies : null,
                reader.has("instances") || reader.has("tags") ? narrowing : null));
    }

    /**
     * Returns a user as it is after this change.
     *
     * @param now the value of {@code disabledAt} if this change disables the user
     * @param hash hash of the new password; null if the password does not change
     * @param credential the new credential, which ends all tokens and sessions; used only if the password changes or
     *     the user becomes disabled or enabled
     */
    UserAccount applyTo(UserAccount user, Instant now, @Nullable String hash, String credential) {
        UserAccount changed = user.withRights(new PrincipalRights(
                Set.of(),
                policies == null ? user.rights().policies() : policies,
                narrowing == null ? user.rights().narrowing() : narrowing));
        if (hash != null) {
            changed = changed.withPassword(hash, credential);
        }
        boolean isDisabled = !user.isEnabled();
        if (disabled != null && disabled != isDisabled) {
            changed = changed.withDisabledAt(disabled ? now : null, credential);
        }
        return changed;
    }

    /** Returns a text for logs, without the password. */
    @Override
    public String toString() {
        return "UserChange[hidden]";
    }
}
