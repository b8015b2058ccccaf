package io.keysweep.engine.assist;

import io.keysweep.engine.assist.SettingOutcome.State;
import io.keysweep.engine.link.NodeLink;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds the settings of one server that assist raises and lowers, and stores the former ones before the first change.
 * Used by one thread.
 */
final class RaisableSettings {

    private final NodeSettings settings;
    private final AssistLedger.Claim claim;
    private final RaisedSettings entry;
    private final AssistListener listener;
    private boolean stored;
    private boolean raised;

    RaisableSettings(NodeLink link, AssistLedger.Claim claim, RaisedSettings entry, AssistListener listener) {
        settings = new NodeSettings(link);
        this.claim = claim;
        this.entry = entry;
        this.listener = listener;
    }

    /**
     * Raises the settings, if they are not raised.
     *
     * @return why that was not possible, as part of a sentence; null if they are raised now
     */
    @Nullable String raise() {
        if (raised) {
            return null;
        }
        boolean first = !stored;
        String notStored = store();
        if (notStored != null) {
            return notStored;
        }
        // Before the first command, since a connection that breaks leaves its outcome open.
        raised = true;
        String problem = settings.raise(entry.changes());
        if (problem == null && first) {
            listener.onRaised(entry.address().toString(), entry.changes());
        }
        return problem;
    }

    private @Nullable String store() {
        if (stored) {
            return null;
        }
        try {
            claim.store(entry);
            stored = true;
            return null;
        } catch (IOException e) {
            return "the former settings could not be stored: " + e.getMessage();
        }
    }

    /**
     * Puts the former settings back, if they are raised.
     *
     * @return which setting does not have its former value, as part of a sentence; null if all have
     */
    @Nullable String lower() {
        if (!raised) {
            return null;
        }
        List<SettingOutcome> outcomes = settings.restore(entry.changes());
        raised = outcomes.stream().anyMatch(outcome -> outcome.state() == State.STILL_RAISED);
        return outcomes.stream()
                .filter(outcome -> outcome.state() != State.RESTORED)
                .findFirst()
                .map(outcome -> outcome.change().name() + " is " + outcome.present() + " and not "
                        + outcome.change().former())
                .orElse(null);
    }

    /** Returns which raised setting another client has changed, as part of a sentence; null for none. */
    @Nullable String changedByOthers() {
        return NodeSettings.valuesOfOthers(entry.changes(), settings.read(NodeSettings.names(entry.changes())));
    }

    /** Returns whether the former settings were stored, so that a setting may have been changed. */
    boolean stored() {
        return stored;
    }
}
