package io.keysweep.engine.doctor;

/**
 * One thing that was found.
 *
 * @param id what it is, in words that stay the same from version to version, for example {@code lazyfree-off}
 * @param severity how much it matters
 * @param sentence what was found, with the value
 * @param action what to do about it
 */
public record Finding(String id, Severity severity, String sentence, String action) {

    /** How much a finding matters. */
    public enum Severity {
        /** Good to know. */
        INFO,
        /** A sweep works, but costs or risks more than it need. */
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
