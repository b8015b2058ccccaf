package io.keysweep.api;

/**
 * Describes one problem that the verification of an audit log has found; part of {@link AuditVerification}.
 *
 * @param sequence sequence number of the entry with the problem; if several entries are missing, the number of the
 *     first of them
 * @param problem rest of a sentence whose subject is the entry, such as {@code is missing}
 */
public record AuditProblem(long sequence, String problem) {}
