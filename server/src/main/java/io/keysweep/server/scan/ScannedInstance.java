package io.keysweep.server.scan;

import io.keysweep.api.InstanceView;

/**
 * Describes the instance of a scan as it was when the scan was created. Both values can have changed since.
 *
 * @param name name of the instance
 * @param uri address without credentials, such as {@code redis://10.0.0.1:6379}
 */
public record ScannedInstance(String name, String uri) {

    /**
     * Returns a view of the instance with the name and address that it had when the scan was created.
     *
     * @param present view of the instance as it is now, from which all other fields are taken
     */
    public InstanceView viewAtCreation(InstanceView present) {
        return new InstanceView(
                present.id(),
                present.projectId(),
                name,
                uri,
                present.username(),
                present.hasPassword(),
                present.sentinelUsername(),
                present.hasSentinelPassword(),
                present.nodeMap(),
                present.tls(),
                present.tags(),
                present.assist(),
                present.raisedSettings(),
                present.flavour(),
                present.version(),
                present.problem(),
                present.checkedAt(),
                present.createdAt(),
                present.updatedAt(),
                present.revision());
    }
}
