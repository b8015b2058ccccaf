/**
 * Keeps the audit log: a signed chain of entries about calls that change something, read a secret or are refused.
 *
 * <p>Features report their changes to {@link io.keysweep.server.audit.AuditTrail}. {@link
 * io.keysweep.server.audit.AuditIntents} stores the calls that have begun, and {@link
 * io.keysweep.server.audit.AuditLog} writes their entries when they end. The package {@code auditor} connects these
 * classes with the requests of clients.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.audit;
