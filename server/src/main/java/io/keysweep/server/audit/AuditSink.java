package io.keysweep.server.audit;

import io.keysweep.api.audit.AuditLine;

/**
 * Receives each audit entry of this process, once the transaction that contains the entry is committed. Must be
 * thread-safe.
 */
@FunctionalInterface
public interface AuditSink {

    /**
     * Takes an entry. Must not throw exceptions, because the entry is committed already.
     *
     * <p>Entries arrive in the order of their sequence numbers, with one exception: an entry that was added in a
     * transaction of the caller arrives after the commit of that transaction, possibly after newer entries.
     */
    void accept(AuditLine line);
}
