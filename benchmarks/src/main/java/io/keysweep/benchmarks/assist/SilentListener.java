package io.keysweep.benchmarks.assist;

import io.keysweep.engine.assist.AssistListener;
import io.keysweep.engine.assist.AssistReport;
import io.keysweep.engine.assist.RaisedSettings;
import io.keysweep.engine.assist.SettingChange;
import io.keysweep.engine.assist.SettingOutcome;
import java.util.List;

/**
 * Ignores all events of assist (a server's own expiry at raised settings). The benchmarks use only the report that the
 * call returns.
 */
public final class SilentListener implements AssistListener {

    /** Creates the listener. */
    public SilentListener() {}

    @Override
    public void onRaised(String nodeId, List<SettingChange> changes) {}

    @Override
    public void onRestored(RaisedSettings entry, List<SettingOutcome> settings) {}

    @Override
    public void onEnded(AssistReport report) {}
}
