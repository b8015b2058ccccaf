package io.keysweep.server.iam.principal;

import io.keysweep.server.iam.InstanceSelector;
import io.keysweep.server.request.DocumentReader;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Describes a change of an access key, read from a merge patch (RFC 7396): values that the request leaves out are not
 * changed.
 *
 * @param disabled true to disable the key, false to enable it; null for no change
 * @param policies the new policies; null for no change
 * @param instances the instances to which the key is limited; null for no change
 * @param changesExpiry whether {@code expiresAt} replaces the current time of expiry
 * @param expiresAt when the key expires; null for never
 */
record AccessKeyChange(
        @Nullable Boolean disabled,
        @Nullable List<String> policies,
        @Nullable InstanceSelector instances,
        boolean changesExpiry,
        @Nullable Instant expiresAt) {

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private static final Set<String> FIELDS = Set.of("disabled", "policies", "instances", "tags", "expiresAt");

    /**
     * Reads a change from the body of a request. Null as the value of a field removes the policies, the limit to
     * instances or the time of expiry.
     *
     * @throws io.keysweep.server.error.RequestRefusedException if a field is unknown or has a bad value
     */
    static AccessKeyChange of(@Nullable JsonNode body) {
        DocumentReader reader = DocumentReader.of(body, FIELDS);
        Boolean disabled = reader.flag("disabled").orElse(null);
        List<String> policies = RightsReader.policies(reader);
        InstanceSelector instances = RightsReader.selector(reader);
        Optional<Instant> expiresAt = readExpiry(reader);
        return reader.requireValid(() -> new AccessKeyChange(
                disabled,
                reader.has("policies") ? policies : null,
                reader.has("instances") || reader.has("tags") ? instances : null,
                reader.has("expiresAt"),
                expiresAt.orElse(null)));
    }

    /** Reads the field {@code expiresAt}, when a key expires; empty if the field is missing or null. */
    static Optional<Instant> readExpiry(DocumentReader reader) {
        return reader.text(
                "expiresAt",
                "an instant such as 2027-01-31T12:00:00Z, from 1970 to 9999",
                AccessKeyChange::parseStorableInstant);
    }

    private static Instant parseStorableInstant(String text) {
        Instant instant = Instant.parse(text);
        // Java also accepts years with ten digits and years before Christ.
        if (instant.isBefore(Instant.EPOCH) || instant.isAfter(LATEST)) {
            throw new IllegalArgumentException(text);
        }
        return instant;
    }

    /**
     * Returns a key as it is after this change.
     *
     * @param now the value of {@code disabledAt} if this change disables the key
     */
    AccessKey applyTo(AccessKey key, Instant now) {
        PrincipalRights rights = new PrincipalRights(
                key.rights().actions(),
                policies == null ? key.rights().policies() : policies,
                instances == null ? key.rights().narrowing() : instances);
        return new AccessKey(
                key.id(),
                key.projectId(),
                key.secret(),
                key.owner(),
                rights,
                disabledAt(key, now),
                changesExpiry ? expiresAt : key.expiresAt(),
                key.ownerDisabled());
    }

    /** Returns whether the change disables the key and does nothing else. Such a change gives nobody rights. */
    boolean onlyDisables() {
        return Boolean.TRUE.equals(disabled) && policies == null && instances == null && !changesExpiry;
    }

    private @Nullable Instant disabledAt(AccessKey key, Instant now) {
        boolean isDisabled = key.disabledAt() != null;
        if (disabled == null || disabled == isDisabled) {
            return key.disabledAt();
        }
        return disabled ? now : null;
    }
}
