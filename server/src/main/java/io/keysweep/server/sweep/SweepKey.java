package io.keysweep.server.sweep;

import java.util.UUID;

/**
 * Identifies the sweep of one primary in one round of a scan; its text is the id of the execution that does the sweep.
 *
 * @param scanId the scan
 * @param round the round, 1 for the first
 * @param nodeId {@code host:port} of the primary when the sweep was planned; outside a cluster the label of the deployment
 */
public record SweepKey(UUID scanId, int round, String nodeId) {

    /** Returns the address of the host that the primary is on, or the whole node id if that has no port. */
    public String host() {
        int colon = nodeId.lastIndexOf(':');
        return colon < 0 ? nodeId : nodeId.substring(0, colon);
    }

    /** Reads the text that {@link #toString} writes. */
    public static SweepKey parse(String text) {
        String[] parts = text.split("/", 3);
        return new SweepKey(UUID.fromString(parts[0]), Integer.parseInt(parts[1]), parts[2]);
    }

    @Override
    public String toString() {
        return scanId + "/" + round + "/" + nodeId;
    }
}
