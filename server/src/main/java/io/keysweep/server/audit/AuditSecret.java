package io.keysweep.server.audit;

import org.jspecify.annotations.Nullable;

/**
 * Wraps a secret value of a resource, so that the audit log says that the value has changed, and never shows it.
 *
 * @param value the secret; two wrappers with the same secret are equal, by which {@link AuditFields} finds changes
 */
record AuditSecret(String value) {

    /** The text that stands for every secret in the audit log. */
    static final String SHOWN = "changed";

    /** Wraps a secret; returns null for null. */
    static @Nullable AuditSecret of(@Nullable String value) {
        return value == null ? null : new AuditSecret(value);
    }

    @Override
    public String toString() {
        return SHOWN;
    }
}
