package io.keysweep.engine.sweep;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.ServerErrors;
import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.link.UnexpectedReplyException;
import io.keysweep.engine.reclaim.MethodSelector;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Holds the numbers of keys and the memory of one primary at one moment, as its INFO reply reports them.
 *
 * <p>{@link SweepEngine#read} returns a reading. Readings of all primaries at two moments give the change of a whole
 * cluster, even if slots (parts of its keys) have moved between the primaries in the meantime.
 *
 * @param nodeId the address of the primary, such as {@code 10.0.0.5:6379}
 * @param runId the id of the server process, which a restart changes; empty if the server does not report it
 * @param usedBytes the memory that the server has allocated, bytes; 0 if the server does not report it
 * @param rssBytes the physical memory that the operating system has given the server, bytes; 0 if the server does not
 *     report it
 * @param keys the number of keys by database number, including expired keys that still hold memory; empty databases are
 *     left out
 * @param expires the number of keys with a TTL by database number, for the same databases
 * @param expiredKeys the number of keys that the process has removed because they had expired; null if unknown
 * @param evictedKeys the number of keys that the process has evicted for lack of memory; null if unknown
 */
public record PrimaryReading(
        String nodeId,
        String runId,
        long usedBytes,
        long rssBytes,
        SortedMap<Integer, Long> keys,
        SortedMap<Integer, Long> expires,
        @Nullable Long expiredKeys,
        @Nullable Long evictedKeys) {

    /**
     * Connects to a primary, reads its INFO, and closes the connection. Does not check whether the node is a primary.
     *
     * @throws NodeRefusedException if the server is unreachable, denies INFO to the user, breaks the connection, or
     *     does not answer as a Redis server
     */
    static PrimaryReading take(NodeConnector connector, NodeAddress primary, Access access) {
        String nodeId = primary.toString();
        ServerErrors errors = new ServerErrors(nodeId, access.credentials());
        try (NodeLink link = connector.open(primary, access)) {
            return of(nodeId, ServerInfo.read(link, errors, MethodSelector.neededCommands()));
        } catch (LinkBrokenException e) {
            throw errors.broken(e);
        } catch (UnexpectedReplyException e) {
            throw errors.unexpected(e);
        }
    }

    private static PrimaryReading of(String nodeId, ServerInfo info) {
        ServerMemory memory = ServerMemory.of(info);
        Keyspace keyspace = Keyspace.of(info);
        return new PrimaryReading(
                nodeId,
                memory.runId(),
                memory.usedBytes(),
                memory.rssBytes(),
                keyspace.keys(),
                keyspace.expires(),
                counter(info, "expired_keys"),
                counter(info, "evicted_keys"));
    }

    private static @Nullable Long counter(ServerInfo info, String field) {
        return info.number(field).isPresent() ? (Long) info.number(field).getAsLong() : null;
    }
}
