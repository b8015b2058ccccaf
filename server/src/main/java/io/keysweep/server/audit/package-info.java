/**
 * Keeps the audit log: a signed chain of entries about calls that change something, read a secret or are refused.
 *
 * <p>Features report their changes to {@link io.keysweep.server.audit.AuditTrail}. {@link
 * io.keysweep.server.audit.AuditLog} writes the entries, and {@link io.keysweep.server.audit.AuditIntents} keeps begun
 * calls until then. The package {@code auditor} connects both with the requests of clients.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.audit;
