package io.keysweep.engine.assist;

/**
 * Reports what has become of one changed setting.
 *
 * @param change the change
 * @param present the value that the server has now; {@code unknown} if it does not report it
 * @param state whether the former value is back
 */
public record SettingOutcome(SettingChange change, String present, State state) {

    /** Says whether the former value of a setting is back. */
    public enum State {
        /** The former value is in force. */
        RESTORED,
        /** Another client has set a third value meanwhile, which stays. */
        LEFT_TO_OTHERS,
        /** The raised value is still in force, because the server could not be reached or has refused the change. */
        STILL_RAISED
    }
}
