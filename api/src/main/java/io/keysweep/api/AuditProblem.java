package io.keysweep.api;

/**
 * Describes one problem that the verification of an audit log has found.
 *
 * @param sequence sequence number of the entry
 * @param problem rest of the sentence that begins with the entry, such as {@code is missing}
 */
public record AuditProblem(long sequence, String problem) {}
