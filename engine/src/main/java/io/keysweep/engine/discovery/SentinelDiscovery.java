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
 * Finds the primary that sentinels watch under a name, and checks with ROLE that it is one. Immutable; as safe to share
 * as the connector is.
 *
 * @param connector opens links; stays the caller's to close
 * @param deployment whom to ask, for which name, and how to get in
 */
public record SentinelDiscovery(NodeConnector connector, Deployment.Sentinel deployment) implements Discovery {

    /**
     * Asks one sentinel after the other until one names a node that is a primary. Replicas are not looked for.
     *
     * @throws NodeRefusedException if none does: what the first that answered led to, or else the first sentinel's own
     *     refusal
     */
    @Override
    public Topology discover(@Nullable NodeAddress last) {
        NodeRefusedException first = null;
        boolean answered = false;
        for (NodeAddress sentinel : deployment.sentinels()) {
            try {
                NodeAddress named = ask(sentinel);
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
        throw answered ? first : noneTells(first);
    }

    private NodeRefusedException noneTells(NodeRefusedException first) {
        return new NodeRefusedException(
                first.nodeId(),
                first.reason(),
                "none of " + deployment.sentinels().size() + " sentinels tells where \"" + deployment.primaryName()
                        + "\" is; the first: " + first.getMessage());
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
                    .reach(new NodeAddress(
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
                // Field names and values in turn; the first is the name.
                .map(fields -> fields.items(2).get(1).text())
                .sorted()
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "nothing" : names;
    }

    /** A sentinel may name the old primary for a while after a failover, or the new one before it knows. */
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
                                + "\" by a sentinel, but its ROLE is " + role
                                + "; a failover may be under way, try again");
            }
        } catch (LinkBrokenException | UnexpectedReplyException e) {
            throw new NodeRefusedException(
                    node.toString(), Reason.UNREACHABLE, node + " could not be asked for its role: " + e.getMessage());
        }
    }
}
