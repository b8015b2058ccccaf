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
 * Checks whether all connections to an address reach the same server, and not several servers behind a load balancer.
 *
 * <p>Without the check, a sweep would cover only the server that its own connection reaches, and report success. The
 * check opens further connections and compares the {@code run_id}, the id of the server process, that each of them
 * reports.
 *
 * @param connector opens the connections
 * @param address the address to check
 * @param access the credentials and TLS settings
 */
public record LoadBalancerCheck(NodeConnector connector, NodeAddress address, Access access) {

    /** The number of further connections. If one of them reaches another process, the same number is opened again. */
    private static final int CONNECTIONS = 2;

    /** The number of characters of a run_id that messages show, of 40. They distinguish processes well enough. */
    private static final int SHORT_ID_LENGTH = 8;

    /** The message of the exception if new connections reach another process; callers recognise the exception by it. */
    static final String REPLACED = "another server process answers at its address now";

    /**
     * Refuses an address that leads to several servers. Opens two connections, or four if one of the first two reaches
     * another process, and closes them again. A connection that cannot be opened is ignored.
     *
     * @param runId the id of the server process that an open connection reaches; if it is empty (unknown), nothing is
     *     checked
     * @throws NodeRefusedException if other connections reach other servers
     * @throws LinkBrokenException if the process was replaced, for example by a restart, so that from some moment on
     *     connections reach only the new process
     */
    public void refuseSeveral(String runId) {
        if (runId.isEmpty()) {
            return;
        }
        List<String> reachedIds = new ArrayList<>(List.of(runId));
        addReachedIds(reachedIds);
        if (reachedIds.stream().distinct().count() == 1) {
            return;
        }
        // More connections distinguish a process that was just replaced from processes that answer alternately.
        addReachedIds(reachedIds);
        if (isReplacedOnce(reachedIds)) {
            throw new LinkBrokenException(REPLACED);
        }
        throw new NodeRefusedException(
                address.toString(),
                Reason.NOT_COVERABLE,
                address + " leads to several servers: connections to it reached the processes "
                        + String.join(
                                ", ",
                                reachedIds.stream()
                                        .distinct()
                                        .map(LoadBalancerCheck::shortId)
                                        .toList())
                        + " (INFO run_id), and a sweep through a load balancer covers only one of them; sweep each"
                        + " primary by its own address");
    }

    /** Opens further connections, and adds the id of the process that each of them reaches. */
    private void addReachedIds(List<String> reachedIds) {
        for (int i = 0; i < CONNECTIONS; i++) {
            String runId = readRunId();
            if (runId != null) {
                reachedIds.add(runId);
            }
        }
    }

    /** Returns the id of the server process that a new connection reaches; null if it cannot be read. */
    private @Nullable String readRunId() {
        try (NodeLink link = connector.open(address, access)) {
            if (link.call("INFO", "server") instanceof Reply.Text reply) {
                Optional<String> runId = ServerInfo.parse(reply.value()).text("run_id");
                return runId.orElse(null);
            }
            return null;
        } catch (NodeRefusedException | LinkBrokenException e) {
            // The server may accept no more connections, which says nothing about the other connections.
            return null;
        }
    }

    /** Returns whether one process answered at first and another one from then on, as after a restart or a failover. */
    private static boolean isReplacedOnce(List<String> reachedIds) {
        int changes = 0;
        for (int i = 1; i < reachedIds.size(); i++) {
            if (!reachedIds.get(i).equals(reachedIds.get(i - 1))) {
                changes++;
            }
        }
        return changes == 1;
    }

    private static String shortId(String runId) {
        return runId.substring(0, Math.min(SHORT_ID_LENGTH, runId.length()));
    }
}
