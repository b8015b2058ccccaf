package io.keysweep.engine.sweep;

import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What INFO tells about whether SCAN reclaims at this moment. While writes are paused, during a failover and on a
 * replica a scan only hides expired keys, so nothing it covers then may count as covered. Valkey tells of paused writes;
 * Redis up to 8.0 does not, but there the server holds scripts back until the pause is over, and transactions with one in
 * them, so only a sweep of a user who may not run scripts may miss keys meanwhile.
 *
 * @param info the sections {@link #SECTIONS}, or all
 */
public record ServerStatus(ServerInfo info) {

    /** The INFO sections that are read. Older servers take one a command. */
    static final List<String> SECTIONS = List.of("stats", "replication", "clients", "persistence", "cpu");

    /** Why the node must not be swept any more, if so. */
    public Optional<NodeRefusedException> refusal(String nodeId) {
        if (info.is("role", "slave")) {
            String primary = info.text("master_host").orElse("?") + ":"
                    + info.text("master_port").orElse("?");
            String link = info.is("master_link_status", "down") ? " (their link is down)" : "";
            return Optional.of(new NodeRefusedException(
                    nodeId,
                    Reason.REPLICA,
                    nodeId + " is a replica of " + primary + link + "; only primaries are swept: sweep " + primary));
        }
        if (info.is("loading", "1")) {
            String done = info.text("loading_loaded_perc")
                    .map(percent -> ", " + percent + " % done")
                    .orElse("");
            return Optional.of(new NodeRefusedException(
                    nodeId, Reason.LOADING, nodeId + " is still loading its data set" + done + "; try again later"));
        }
        return Optional.empty();
    }

    /** Why the server does not reclaim for the time being, if so; a short sentence. */
    public Optional<String> obstacle() {
        String paused = info.text("paused_actions").orElse("none");
        if (!paused.equals("none")) {
            return Optional.of("writes are paused on the server ("
                    + info.text("paused_reason").orElse(paused) + ")");
        }
        String failover = info.text("master_failover_state").orElse("no-failover");
        if (!failover.equals("no-failover")) {
            return Optional.of("a failover is in progress on the server (" + failover + ")");
        }
        return Optional.empty();
    }

    /** INFO {@code master_replid}: another one once a replica has become the primary, even if it was one before. */
    String replicationId() {
        return info.text("master_replid").orElse("");
    }

    /**
     * Whether the server has been a replica since it had another replication id: then its keys may be others, in other
     * places. A first replica, or none for long, gives a primary another id too, yet then it remembers no earlier one.
     *
     * @param earlier its replication id at that time; empty if it told none
     */
    boolean wasReplicaSince(String earlier) {
        String inherited = info.text("master_replid2").orElse("");
        return !earlier.isEmpty()
                && !earlier.equals(replicationId())
                && inherited.chars().anyMatch(digit -> digit != '0');
    }

    /**
     * The server's own count of expired keys; where it tells those of its own cycle apart, without them. Empty where the
     * server does not count.
     */
    OptionalLong expired() {
        OptionalLong all = info.number("expired_keys");
        return all.isPresent()
                ? OptionalLong.of(
                        all.getAsLong() - info.number("expired_keys_active").orElse(0))
                : all;
    }
}
