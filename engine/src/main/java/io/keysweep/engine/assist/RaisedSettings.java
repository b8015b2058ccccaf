package io.keysweep.engine.assist;

import io.keysweep.engine.topology.NodeAddress;
import java.time.Instant;
import java.util.List;

/**
 * Records the settings of one server process that {@link Assist} raises, with their former values.
 *
 * <p>The record is one entry of the {@link AssistLedger}. It is stored before the first setting changes, and removed
 * once the former values are restored.
 *
 * @param deployment the deployment to which the server belongs, see {@link AssistLedger#keyOf}
 * @param address the address of the server
 * @param runId the id of the server process (INFO {@code run_id}); empty if the server reports none
 * @param since when the entry was made, shortly before the settings were raised first
 * @param changes the changes, in the order in which they are made
 */
public record RaisedSettings(
        String deployment, NodeAddress address, String runId, Instant since, List<SettingChange> changes) {

    public RaisedSettings {
        changes = List.copyOf(changes);
    }
}
