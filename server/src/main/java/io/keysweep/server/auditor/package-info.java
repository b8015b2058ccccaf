/** Observes all calls of the service for the audit log, and serves the log to auditors. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.auditor;
