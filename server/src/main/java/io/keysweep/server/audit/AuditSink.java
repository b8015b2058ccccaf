package io.keysweep.server.audit;

import io.keysweep.api.audit.AuditLine;

/** Receives each entry that this process has added to the audit log, after the commit. Must be thread-safe. */
@FunctionalInterface
public interface AuditSink {

    /**
     * Takes an entry. Must not throw exceptions, because the entry is committed already.
     *
     * <p>Entries come in their order, except that an entry of a caller's own transaction can come after a newer one.
     */
    void accept(AuditLine line);
}
