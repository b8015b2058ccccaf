package io.keysweep.server.auditor;

/**
 * Reports that a call is in the audit log already, by another process or by an earlier attempt. The exception rolls the
 * second entry back.
 */
final class RecordedMeanwhileException extends RuntimeException {

    private static final long serialVersionUID = 1L;
}
