/**
 * Observes all calls of the service for the audit log, and serves the log to auditors.
 *
 * <p>{@link io.keysweep.server.auditor.AuditFilter} begins each audited call, and {@link
 * io.keysweep.server.auditor.AuditAnswerFilter} makes {@link io.keysweep.server.auditor.AuditRecorder} write its entry.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.auditor;
