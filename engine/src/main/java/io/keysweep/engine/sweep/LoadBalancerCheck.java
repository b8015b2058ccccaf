package io.keysweep.engine.sweep;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether every connection to an address reaches the same server, or a load balancer spreads connections over
 * several servers.
 *
 * <p>A sweep uses one connection, so it would cover one of those servers and report success. The check opens further
 * connections and compares the {@code run_id} of the servers that they reach.
 *
 * @param connector opens the connections
 * @param address the address to check
 * @param access the credentials and TLS settings
 */
public record LoadBalancerCheck(NodeConnector connector, NodeAddress address, Access access) {

    /** The number of further connections that are opened, and opened again if they reached another process. */
    private static final int CONNECTIONS = 2;

    /** The characters of a run_id, of 40, that are shown; they distinguish processes well enough. */
    private static final int SHOWN_ID_LENGTH = 8;

    /** The message of a connection that leads to another process than the one before. */
    static final String REPLACED = "another server process answers at its address now";

    /**
     * Refuses an address that leads to several servers.
     *
     * @param runId the id of the server process that an open connection reaches; empty if unknown, for no check
     * @throws NodeRefusedException if other connections reach other servers
     * @throws LinkBrokenException if new connections reach another process than the open one, as after a restart
     */
    public void refuseSeveral(String runId) {
        if (runId.isEmpty()) {
            return;
        }
        List<String> reached = new ArrayList<>(List.of(runId));
        addReached(reached);
        if (reached.stream().distinct().count() == 1) {
            return;
        }
        addReached(reached);
        if (replacedOnce(reached)) {
            throw new LinkBrokenException(REPLACED, null);
        }
        throw new NodeRefusedException(
                address.toString(),
                Reason.NOT_COVERABLE,
                address + " leads to several servers: connections to it reached the processes "
                        + String.join(
                                ", ",
                                reached.stream()
                                        .distinct()
                                        .map(LoadBalancerCheck::shortened)
                                        .toList())
                        + " (INFO run_id), and a sweep through a load balancer covers only one of them; sweep each"
                        + " primary by its own address");
    }

    private void addReached(List<String> reached) {
        for (int i = 0; i < CONNECTIONS; i++) {
            String runId = reach();
            if (runId != null) {
                reached.add(runId);
            }
        }
    }

    /** Returns the id of the server process that a new connection reaches, or null if there is none. */
    private @Nullable String reach() {
        try (NodeLink link = connector.open(address, access)) {
            if (link.call("INFO", "server") instanceof Reply.Text reply) {
                Optional<String> runId = ServerInfo.parse(reply.value()).text("run_id");
                return runId.orElse(null);
            }
            return null;
        } catch (NodeRefusedException | LinkBrokenException e) {
            // The server may accept no more connections, which says nothing about the others.
            return null;
        }
    }

    /** Returns whether one process answered first and another one ever since, as after a restart or a failover. */
    private static boolean replacedOnce(List<String> reached) {
        int changes = 0;
        for (int i = 1; i < reached.size(); i++) {
            if (!reached.get(i).equals(reached.get(i - 1))) {
                changes++;
            }
        }
        return changes == 1;
    }

    private static String shortened(String runId) {
        return runId.substring(0, Math.min(SHOWN_ID_LENGTH, runId.length()));
    }
}
