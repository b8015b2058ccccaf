package io.keysweep.engine.doctor;

/**
 * Describes one fact about a server that matters to a sweep, and what the operator can do about it.
 *
 * @param id the kind of finding, for scripts; it stays the same in all versions of Keysweep, for example {@code
 *     lazyfree-off}
 * @param severity how much the finding matters
 * @param sentence the fact with its value, for example {@code The server is still loading its data set, 40 % done.}
 * @param action what to do, for example {@code Try again later.}
 */
public record Finding(String id, Severity severity, String sentence, String action) {

    /** States how much a finding matters, in ascending order. */
    public enum Severity {
        /** Nothing needs to change. */
        INFO,
        /** A sweep is possible, but costs or risks more than necessary. */
        WARNING,
        /** A sweep would be refused or would reclaim nothing. */
        PROBLEM
    }

    /** Creates a finding of severity {@link Severity#INFO}. */
    static Finding info(String id, String sentence, String action) {
        return new Finding(id, Severity.INFO, sentence, action);
    }

    /** Creates a finding of severity {@link Severity#WARNING}. */
    static Finding warning(String id, String sentence, String action) {
        return new Finding(id, Severity.WARNING, sentence, action);
    }

    /** Creates a finding of severity {@link Severity#PROBLEM}, which prevents a sweep. */
    static Finding problem(String id, String sentence, String action) {
        return new Finding(id, Severity.PROBLEM, sentence, action);
    }
}
