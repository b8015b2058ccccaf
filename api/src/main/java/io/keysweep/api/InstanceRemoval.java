package io.keysweep.api;

import java.util.List;

/**
 * Describes the removal of an instance by {@code DELETE /api/v1/instances/{id}?force=true}.
 *
 * @param raisedSettings settings of its servers that assist has left raised, and that the service can no longer
 *     restore; usually none
 */
public record InstanceRemoval(List<RaisedSettingsView> raisedSettings) {

    public InstanceRemoval {
        raisedSettings = List.copyOf(raisedSettings);
    }
}
