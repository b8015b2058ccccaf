package io.keysweep.server.sweep;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/**
 * Identifies the sweep of one primary in one round of a scan. A round consists of the sweeps of all primaries, which
 * run side by side. A cluster may need several rounds.
 *
 * <p>Its text {@code <scanId>/<round>/<nodeId>} is the id of the execution (db-scheduler's entry for the sweep).
 *
 * @param scanId id of the scan
 * @param round number of the round, 1 for the first; always 1 outside a cluster
 * @param nodeId in a cluster, the address {@code host:port} that the primary had when the sweep was planned. Otherwise
 *     the label of the deployment, for example an address or the name of a primary at its sentinels
 */
public record SweepKey(UUID scanId, int round, String nodeId) {

    /**
     * Returns the host in the node id, or the whole node id if it has no port. Sweeps on one host share the budgets of
     * the host.
     */
    public String host() {
        int colon = nodeId.lastIndexOf(':');
        return colon < 0 ? nodeId : nodeId.substring(0, colon);
    }

    /** Reads the key from a row with the columns {@code scan_id}, {@code round} and {@code node_id}. */
    static SweepKey of(ResultSet row) throws SQLException {
        return new SweepKey(row.getObject("scan_id", UUID.class), row.getInt("round"), row.getString("node_id"));
    }

    /**
     * Reads the text that {@link #toString} returns. Throws a {@link RuntimeException} for any other text, which only a
     * bug can cause.
     */
    public static SweepKey parse(String text) {
        // Three parts at most, because a node id may contain slashes.
        String[] parts = text.split("/", 3);
        return new SweepKey(UUID.fromString(parts[0]), Integer.parseInt(parts[1]), parts[2]);
    }

    @Override
    public String toString() {
        return scanId + "/" + round + "/" + nodeId;
    }
}
