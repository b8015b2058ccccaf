package io.keysweep.engine.discovery;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.link.ServerErrors;
import io.keysweep.engine.link.UnexpectedReplyException;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.engine.topology.SlotSet;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the primary that sentinels monitor under a name, and checks with ROLE that the node is a primary. Immutable.
 * Thread-safe if the connector is.
 *
 * @param connector opens links to sentinels and nodes; the caller closes the connector
 * @param deployment the sentinels, the name of the primary, and the credentials for both
 */
public record SentinelDiscovery(NodeConnector connector, Deployment.Sentinel deployment) implements Discovery {

    /**
     * Asks one sentinel after the other until one names a node that is a primary. The topology contains no replicas.
     *
     * @param last is ignored, as every sentinel is asked
     * @throws NodeRefusedException if no sentinel names a node that is a primary. If a sentinel named a node, it is the
     *     refusal of the first such node; otherwise it contains the refusal of the first sentinel
     */
    @Override
    public Topology discover(@Nullable NodeAddress last) {
        NodeRefusedException first = null;
        boolean answered = false;
        for (NodeAddress sentinel : deployment.sentinels()) {
            try {
                NodeAddress named = ask(sentinel);
                // What is wrong with a named node explains more than a sentinel that did not answer.
                if (!answered) {
                    answered = true;
                    first = null;
                }
                checkRole(named);
                return new Topology(List.of(new Primary(named, SlotSet.ALL, List.of())), sentinel);
            } catch (NodeRefusedException e) {
                if (first == null) {
                    first = e;
                }
            }
        }
        if (first == null) {
            throw new IllegalStateException("no sentinel was asked");
        }
        throw answered ? first : noneKnows(first);
    }

    private NodeRefusedException noneKnows(NodeRefusedException first) {
        return new NodeRefusedException(
                first.nodeId(),
                first.reason(),
                "none of " + deployment.sentinels().size() + " sentinels reported where \"" + deployment.primaryName()
                        + "\" is; the first one: " + first.getMessage());
    }

    private NodeAddress ask(NodeAddress sentinel) {
        try (NodeLink link = connector.open(sentinel, deployment.sentinelAccess())) {
            Reply reply = link.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", deployment.primaryName());
            if (reply instanceof Reply.Failure failure) {
                throw new ServerErrors(
                                sentinel.toString(), deployment.sentinelAccess().credentials())
                        .of("SENTINEL", failure, List.of("sentinel"));
            }
            if (reply instanceof Reply.Nil) {
                throw new NodeRefusedException(
                        sentinel.toString(),
                        Reason.OTHER_DEPLOYMENT,
                        "sentinel " + sentinel + " knows no \"" + deployment.primaryName() + "\", it knows: "
                                + knownNames(link));
            }
            List<Reply> address = reply.items(2);
            return deployment
                    .nodeMap()
                    .resolve(new NodeAddress(
                            address.get(0).text(),
                            Integer.parseInt(address.get(1).text())));
        } catch (LinkBrokenException | UnexpectedReplyException e) {
            throw new NodeRefusedException(
                    sentinel.toString(),
                    Reason.UNREACHABLE,
                    "sentinel " + sentinel + " did not answer: " + e.getMessage());
        }
    }

    private static String knownNames(NodeLink link) {
        String names = link.call("SENTINEL", "MASTERS").items(0).stream()
                // The reply alternates field names and values; the first field is the name.
                .map(fields -> fields.items(2).get(1).text())
                .sorted()
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "nothing" : names;
    }

    /**
     * Checks that the node itself reports the role of a primary. Shortly after a failover, a sentinel may still name
     * the old primary. It may also name the new primary before that node has changed its role.
     */
    private void checkRole(NodeAddress node) {
        try (NodeLink link = connector.open(node, deployment.access())) {
            Reply reply = link.call("ROLE");
            if (reply instanceof Reply.Failure failure) {
                throw new ServerErrors(node.toString(), deployment.access().credentials())
                        .of("ROLE", failure, List.of("role"));
            }
            String role = reply.items(1).getFirst().text();
            if (!role.equals("master")) {
                throw new NodeRefusedException(
                        node.toString(),
                        Reason.REPLICA,
                        node + " is named as primary of \"" + deployment.primaryName()
                                + "\" by a sentinel, but it reports the role " + role
                                + "; a failover may be in progress, try again");
            }
        } catch (LinkBrokenException | UnexpectedReplyException e) {
            throw new NodeRefusedException(
                    node.toString(), Reason.UNREACHABLE, node + " did not answer ROLE: " + e.getMessage());
        }
    }
}
