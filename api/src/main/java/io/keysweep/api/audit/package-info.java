/**
 * Defines the form of the audit log and recomputes its hashes, for the service and for auditors with an export.
 *
 * <p>The audit log is a signed chain of entries about calls of the API. Each entry contains the hash of the entry
 * before.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.api.audit;
