package io.keysweep.engine.doctor;

/**
 * Holds one finding of the doctor about a server.
 *
 * @param id identifies the kind of finding, the same in all versions, for example {@code lazyfree-off}
 * @param severity how much the finding matters
 * @param sentence the fact, with its value
 * @param action what to do about it
 */
public record Finding(String id, Severity severity, String sentence, String action) {

    /** States how much a finding matters, in ascending order. */
    public enum Severity {
        /** Good to know. */
        INFO,
        /** A sweep works, but costs or risks more than necessary. */
        WARNING,
        /** A sweep is refused. */
        PROBLEM
    }

    static Finding info(String id, String sentence, String action) {
        return new Finding(id, Severity.INFO, sentence, action);
    }

    static Finding warning(String id, String sentence, String action) {
        return new Finding(id, Severity.WARNING, sentence, action);
    }

    static Finding problem(String id, String sentence, String action) {
        return new Finding(id, Severity.PROBLEM, sentence, action);
    }
}
