package io.keysweep.server.scan;

import java.util.UUID;

/**
 * Names the sweep of one primary in one round of a scan; its text is the id of the execution that does it.
 *
 * @param scanId the scan
 * @param round 1 for the first
 * @param nodeId {@code host:port} of the primary when it was planned, or what else the deployment is called by
 */
record SweepKey(UUID scanId, int round, String nodeId) {

    /** The address of the host that the primary is on, as far as its name tells. */
    String host() {
        int colon = nodeId.lastIndexOf(':');
        return colon < 0 ? nodeId : nodeId.substring(0, colon);
    }

    static SweepKey parse(String text) {
        String[] parts = text.split("/", 3);
        return new SweepKey(UUID.fromString(parts[0]), Integer.parseInt(parts[1]), parts[2]);
    }

    @Override
    public String toString() {
        return scanId + "/" + round + "/" + nodeId;
    }
}
