package io.keysweep.server.auditor;

/**
 * Reports that a call already has an entry in the audit log, which another process or an earlier attempt has added.
 *
 * <p>Thrown in the transaction that adds a second entry, so that the transaction is rolled back and the call is not
 * recorded twice.
 */
final class RecordedMeanwhileException extends RuntimeException {

    private static final long serialVersionUID = 1L;
}
