package io.keysweep.benchmarks.assist;

import io.keysweep.engine.assist.AssistListener;
import io.keysweep.engine.assist.AssistReport;
import io.keysweep.engine.assist.RaisedSettings;
import io.keysweep.engine.assist.SettingChange;
import io.keysweep.engine.assist.SettingOutcome;
import java.util.List;

/** Ignores what assist (a server's own expiry at raised settings) reports while it runs, since its result is enough. */
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
