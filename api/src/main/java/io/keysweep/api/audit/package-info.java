/** Defines the form of the audit log and recomputes its hashes, for the service and for auditors with an export. */
@org.jspecify.annotations.NullMarked
package io.keysweep.api.audit;
