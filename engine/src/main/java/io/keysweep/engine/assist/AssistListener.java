package io.keysweep.engine.assist;

import java.util.List;

/** Receives what assist does. Calls come from the threads that run it, of several primaries at the same time. */
public interface AssistListener {

    /** Called when the settings of a primary have been raised for the first time. */
    void onRaised(String nodeId, List<SettingChange> changes);

    /**
     * Called when settings that an earlier process had left raised were put back, or could not be.
     *
     * @param entry what the earlier process had stored
     * @param settings what has become of each setting
     */
    void onRestored(RaisedSettings entry, List<SettingOutcome> settings);

    /** Called when assist has ended on a primary, however it ended. */
    void onEnded(AssistReport report);
}
