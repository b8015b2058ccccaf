package io.keysweep.server.auditor;

/**
 * Reports that another process, or an earlier attempt, has already recorded a call. The exception rolls the second
 * entry back.
 */
final class RecordedMeanwhileException extends RuntimeException {

    private static final long serialVersionUID = 1L;
}
