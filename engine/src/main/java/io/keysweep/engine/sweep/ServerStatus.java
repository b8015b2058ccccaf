package io.keysweep.engine.sweep;

import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.plan.ReplicationPoint;
import io.keysweep.engine.reclaim.ReclaimMethod;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Interprets INFO: it shows whether the server can reclaim now, where the server's data came from, and how many keys
 * have expired.
 *
 * <p>To reclaim is to remove an expired key that a step (one call of a sweep) visits. A sweep reads the status at
 * every checkpoint, to decide whether the server was able to reclaim in the steps since the last checkpoint.
 *
 * <p>While writes are paused, during a failover and on a replica, SCAN only hides expired keys, so the keys that a step
 * visits then must not be treated as covered. Valkey reports paused writes. Redis up to 8.0 does not, but delays
 * scripts, and transactions that contain a script, until the pause is over. So on Redis, a sweep can miss keys only if
 * its user is not allowed to run scripts.
 *
 * @param info the reply to INFO, with the sections {@link #SECTIONS} or all that INFO has by default; without {@code
 *     commandstats}, the number of calls is taken as 0
 */
public record ServerStatus(ServerInfo info) {

    /**
     * The INFO sections that are read. Each needs a separate command, since older servers accept only one section per
     * command. The number of swaps in {@code commandstats} is read after {@code keyspace}, and so includes each swap
     * that the keyspace shows.
     */
    static final List<String> SECTIONS =
            List.of("stats", "replication", "clients", "persistence", "cpu", "keyspace", "commandstats");

    /**
     * Returns the refusal of a node that is a replica or is loading its data; empty if the node may be swept.
     *
     * @param nodeId the address of the node, for the message
     */
    public Optional<NodeRefusedException> refusal(String nodeId) {
        if (isReplica(info)) {
            String primary = info.text("master_host").orElse("?") + ":"
                    + info.text("master_port").orElse("?");
            String link = info.is("master_link_status", "down") ? " (their link is down)" : "";
            return Optional.of(new NodeRefusedException(
                    nodeId,
                    Reason.REPLICA,
                    nodeId + " is a replica of " + primary + link + "; only primaries are swept: sweep " + primary));
        }
        return loading(nodeId);
    }

    /**
     * Returns whether a server reports in INFO that it is a replica. Redis and its forks call the role {@code slave},
     * other products {@code replica}.
     */
    public static boolean isReplica(ServerInfo info) {
        return info.is("role", "slave") || info.is("role", "replica");
    }

    /**
     * Returns the refusal of a node that is still loading its data; empty if the data is loaded.
     *
     * @param nodeId the address of the node, for the message
     */
    public Optional<NodeRefusedException> loading(String nodeId) {
        if (!info.is("loading", "1")) {
            return Optional.empty();
        }
        String progress = info.text("loading_loaded_perc")
                .map(percent -> ", " + percent + " % done")
                .orElse("");
        return Optional.of(new NodeRefusedException(
                nodeId, Reason.LOADING, nodeId + " is still loading its data set" + progress + "; try again later"));
    }

    /**
     * Returns why the server reclaims nothing for the moment, a short sentence for the user: writes are paused, or a
     * failover is in progress. The result is empty if INFO shows no such reason; settings can still prevent reclaiming.
     */
    public Optional<String> obstacle() {
        String pausedActions = info.text("paused_actions").orElse("none");
        if (!pausedActions.equals("none")) {
            return Optional.of("writes are paused on the server ("
                    + info.text("paused_reason").orElse(pausedActions) + ")");
        }
        String failover = info.text("master_failover_state").orElse("no-failover");
        if (!failover.equals("no-failover")) {
            return Optional.of("a failover is in progress on the server (" + failover + ")");
        }
        return Optional.empty();
    }

    /**
     * Returns INFO {@code master_replid}, which changes whenever a replica becomes the primary; empty if not reported.
     */
    String replicationId() {
        return info.text("master_replid").orElse("");
    }

    /**
     * Returns whether the server has been a replica since it had an earlier replication id. If so, it may hold other
     * keys, and a SCAN cursor may no longer mean the same position.
     *
     * <p>A primary also gets a new id when its first replica connects, or when it has had no replica for long. But only
     * a promoted replica remembers the id of the primary that it followed ({@code master_replid2}). On all other
     * servers that field is all zeros.
     *
     * @param earlierId the earlier id; empty if the server did not report one
     */
    boolean wasReplicaSince(String earlierId) {
        return !earlierId.isEmpty() && !earlierId.equals(replicationId()) && remembersFormerPrimary();
    }

    /** Returns the current point of this primary's replication stream; null if the server does not report it. */
    @Nullable ReplicationPoint replicationPoint() {
        OptionalLong offset = info.number("master_repl_offset");
        return offset.isPresent() && !replicationId().isEmpty()
                ? new ReplicationPoint(replicationId(), offset.getAsLong())
                : null;
    }

    /**
     * Returns the offset at which a history, the changes under one replication id, has ended on this server. The server
     * was the primary of that history and is a replica now. The result is empty if the server no longer knows the
     * offset, since it has loaded the data of another primary.
     *
     * @param history the replication id of the history
     */
    OptionalLong endOf(String history) {
        if (history.equals(replicationId())) {
            return info.number("master_repl_offset");
        }
        OptionalLong firstOfNext = info.number("second_repl_offset");
        return firstOfNext.isPresent() && history.equals(formerReplicationId())
                ? OptionalLong.of(firstOfNext.getAsLong() - 1)
                : OptionalLong.empty();
    }

    /**
     * Returns whether this server is a promoted replica that had received all changes up to a point when it took over.
     * It must have followed the history of the point, and have reached its offset.
     */
    boolean hasReceived(ReplicationPoint point) {
        OptionalLong firstOwnOffset = info.number("second_repl_offset");
        return firstOwnOffset.isPresent()
                && firstOwnOffset.getAsLong() > point.offset()
                && formerReplicationId().equals(point.replicationId());
    }

    /**
     * Returns whether this process has loaded no key that had expired by its start. This is so if it has started as a
     * primary (it remembers no history of another primary) and has no append-only file. From an append-only file, a
     * server also loads expired keys, and after a crash the last deletions may be missing in the file.
     */
    boolean hasLoadedWithoutDeadKeys() {
        return info.is("aof_enabled", "0") && !remembersFormerPrimary();
    }

    /** Returns the id of the history that this server followed before its current one; empty if not reported. */
    private String formerReplicationId() {
        return info.text("master_replid2").orElse("");
    }

    /** Returns whether {@code master_replid2} is an id and not only zeros, which mean that there is none. */
    private boolean remembersFormerPrimary() {
        return formerReplicationId().chars().anyMatch(digit -> digit != '0');
    }

    /**
     * Returns the server's counter of expired keys. If the server also reports how many of them its own expiry cycle
     * removed, these keys are subtracted, so that fewer keys of others are counted. The result is empty if the server
     * reports no counter.
     */
    OptionalLong expiredKeys() {
        OptionalLong expiredKeys = info.number("expired_keys");
        return expiredKeys.isPresent()
                ? OptionalLong.of(expiredKeys.getAsLong()
                        - info.number("expired_keys_active").orElse(0))
                : expiredKeys;
    }

    /**
     * Returns the counters that change when others expire keys (<i>traces</i>), as a text. If the texts of two readings
     * with the same reclaim method are equal, others have probably expired no keys in between.
     *
     * <ul>
     * <li>Clients: {@code keyspace_misses} grows when a client reads an expired key, and {@code
     * rdb_changes_since_last_save} when it writes one. For other commands, such as DEL, the number of calls is
     * included.
     * <li>The server's own expiry cycle: {@code expired_stale_perc} changes when the cycle finds expired keys, and
     * falls within half a minute; {@code expire_cycle_cpu_milliseconds} grows over longer times. Both are left out if
     * the server reports the keys of its cycle separately.
     * </ul>
     *
     * @param method the reclaim method of the sweep; with some methods, the sweep's own steps raise {@code
     *     keyspace_misses}
     */
    String expiryTraces(ReclaimMethod method) {
        List<String> fields = new ArrayList<>(List.of("rdb_changes_since_last_save"));
        if (!method.countsAsReads()) {
            fields.add("keyspace_misses");
        }
        if (info.number("expired_keys_active").isEmpty()) {
            fields.addAll(List.of("expired_stale_perc", "expire_cycle_cpu_milliseconds"));
        }
        return fields.stream().map(field -> info.text(field).orElse("?")).collect(Collectors.joining(" ")) + " "
                + TracelessCommands.calls(info, !method.countsAsReads());
    }
}
