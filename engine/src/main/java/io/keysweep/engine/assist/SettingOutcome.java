package io.keysweep.engine.assist;

/**
 * Reports the state of one setting that {@link Assist} has raised or was about to raise.
 *
 * @param change the setting with its former and its raised value
 * @param present the value that the server has now; {@code unknown} if the server cannot be reached or does not report
 *     it
 * @param state whether the former value is in force again
 */
public record SettingOutcome(SettingChange change, String present, State state) {

    /** Says whether the former value of a setting is in force again. */
    public enum State {
        /** The former value is in force. */
        RESTORED,
        /** During assist another client has set a value that is neither the former nor the raised one. It is kept. */
        LEFT_TO_OTHERS,
        /**
         * The raised value may still be in force: the server has refused the change, could not be reached, or does not
         * report the value.
         */
        STILL_RAISED
    }
}
