package io.keysweep.engine.assist;

import java.util.List;

/**
 * Receives the events of {@link Assist} on primaries: settings are raised, settings are restored, and assist ends.
 *
 * <p>Assist raises the server's settings {@code hz} and {@code active-expire-effort} for a while, so that the server
 * itself removes more expired keys.
 *
 * <p>Calls come from the threads that assist, for several primaries at the same time. A slow listener delays assist,
 * even while settings are raised.
 */
public interface AssistListener {

    /**
     * Called when the settings of a primary have been raised for the first time. Assist lowers and raises them many
     * times; these later changes cause no further call.
     */
    void onRaised(String nodeId, List<SettingChange> changes);

    /**
     * Called after an attempt to restore settings that an earlier process had left raised.
     *
     * @param entry the entry that the earlier process had stored
     * @param settings the outcome for each setting
     */
    void onRestored(RaisedSettings entry, List<SettingOutcome> settings);

    /**
     * Called about four times per second while assist continues, but not in a hold (a time at the former settings, for
     * example during a pause). The default implementation does nothing.
     */
    default void onProgress(AssistProgress progress) {}

    /**
     * Called when assist has ended on a primary. There is no call if the primary was refused before any setting was
     * raised, or if the thread was interrupted.
     */
    void onEnded(AssistReport report);
}
