package io.keysweep.server.audit;

import io.keysweep.api.audit.AuditLine;

/** Receives each entry that this process has added to the audit log, after the commit. Must not throw exceptions. */
@FunctionalInterface
public interface AuditSink {

    /** Takes an entry. Called in the order of the entries of this process. */
    void accept(AuditLine line);
}
