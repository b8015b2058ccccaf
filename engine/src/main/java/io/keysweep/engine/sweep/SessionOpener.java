package io.keysweep.engine.sweep;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.ServerErrors;
import io.keysweep.engine.link.UnexpectedReplyException;
import io.keysweep.engine.reclaim.KeyNames;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Opens sessions with the primary of a shard, either in one attempt or in repeated attempts while the primary is
 * unreachable.
 *
 * <p>A {@link Session} is one connection of a sweep to a primary that can be swept. A shard is the part of a cluster
 * that one primary serves; outside a cluster it is the whole server. Before each attempt to open a session, the opener
 * finds the primary's address again, since another node may have taken over.
 *
 * @param connector opens connections to servers
 * @param locator finds the primary
 * @param access the credentials and TLS settings for the connections
 * @param keyNames supplies the rule whether key names may leave the server
 * @param skipDeniedDatabases whether databases that the user is not allowed to access are left out
 * @param limits end a wait when the sweep is cancelled or its deadline has passed
 * @param holdStarter starts the holds (times without steps, with a reason that the user sees) during which the opener
 *     waits
 */
record SessionOpener(
        NodeConnector connector,
        PrimaryLocator locator,
        Access access,
        KeyNamesRule keyNames,
        boolean skipDeniedDatabases,
        RunLimits limits,
        HoldStarter holdStarter) {

    /** Supplies the rule whether key names may leave the server, which may change with the pace of a running sweep. */
    @FunctionalInterface
    interface KeyNamesRule {

        /** Returns the rule that applies now. */
        KeyNames current();
    }

    /**
     * Finds the primary, connects to it and inspects it. If the connection breaks during the inspection, the call tries
     * a second time at the same address. A connection breaks, for example, if this process is frozen for longer than
     * the server's idle timeout.
     *
     * @param names whether key names may leave the server
     * @param skipDeniedDatabases whether databases that the user is not allowed to access are left out
     * @throws NodeRefusedException if the server is unreachable, cannot be swept, or is not the expected node
     */
    static Session open(
            NodeConnector connector,
            PrimaryLocator locator,
            Access access,
            KeyNames names,
            boolean skipDeniedDatabases) {
        NodeAddress address = locator.locate();
        String expectedId = locator.locatedId();
        try {
            return openOnce(connector, address, expectedId, access, names, skipDeniedDatabases);
        } catch (LinkBrokenException firstFailure) {
            try {
                return openOnce(connector, address, expectedId, access, names, skipDeniedDatabases);
            } catch (LinkBrokenException secondFailure) {
                if (LoadBalancerCheck.REPLACED.equals(firstFailure.getMessage())
                        && LoadBalancerCheck.REPLACED.equals(secondFailure.getMessage())) {
                    // One replacement may be a restart or a failover; two replacements show a load balancer.
                    throw new NodeRefusedException(
                            address.toString(),
                            Reason.NOT_COVERABLE,
                            address + " leads to several servers: commands reached other server processes each time;"
                                    + " sweep each primary by its own address");
                }
                throw errors(address, access).broken(secondFailure);
            }
        }
    }

    /**
     * Connects to a node and inspects it. Closes the connection if that fails.
     *
     * @param expectedId the id that the node must have in the cluster; null to accept any id
     * @throws NodeRefusedException if the node is unreachable, cannot be swept, or is not the expected node
     * @throws LinkBrokenException if the connection breaks during the inspection
     */
    private static Session openOnce(
            NodeConnector connector,
            NodeAddress address,
            @Nullable String expectedId,
            Access access,
            KeyNames names,
            boolean skipDeniedDatabases) {
        NodeLink link = connector.open(address, access);
        boolean succeeded = false;
        try {
            TimedLink timedLink = new TimedLink(link);
            ServerInspector inspector =
                    new ServerInspector(timedLink, address.toString(), access.credentials(), skipDeniedDatabases);
            Session session = new Session(address, access.credentials(), link, timedLink, inspector, names);
            if (expectedId != null) {
                session.clusterNode().requireExpectedNode(expectedId);
            }
            // Behind a sharding proxy, several process ids are not a fault. INFO may come from another server on each
            // connection, but SCAN reaches all servers by the cursors.
            if (session.inspection().proxyEvidence() == null) {
                new LoadBalancerCheck(connector, address, access)
                        .refuseSeveral(session.inspection().summary().profile().runId());
            }
            KeyNames namesOverDistance = session.namesOverDistance(names);
            if (!session.isMethodChosenFor(namesOverDistance)) {
                session.chooseMethod(namesOverDistance);
            }
            succeeded = true;
            return session;
        } catch (UnexpectedReplyException e) {
            throw errors(address, access).unexpected(e);
        } finally {
            if (!succeeded) {
                link.close();
            }
        }
    }

    private static ServerErrors errors(NodeAddress address, Access access) {
        return new ServerErrors(address.toString(), access.credentials());
    }

    /**
     * Opens a session immediately.
     *
     * @throws NodeRefusedException if the server is unreachable or cannot be swept
     */
    Session openNow() {
        return open(connector, locator, access, keyNames.current(), skipDeniedDatabases);
    }

    /**
     * Opens a session. If that fails for a cause that can pass with time, holds (sends no steps, and shows the user
     * why) and tries again until it succeeds.
     *
     * @throws NodeRefusedException in one of these cases: the cause cannot pass with time; the hold lasts longer than
     *     the patience (the longest wait of a sweep for its server); the run is cancelled or times out during the hold
     */
    Session openPatiently() throws InterruptedException {
        try {
            return openNow();
        } catch (NodeRefusedException e) {
            if (!canPass(e)) {
                throw e;
            }
            try (Hold hold = holdStarter.start(String.valueOf(e.getMessage()), HoldCause.CONNECTION)) {
                Session newSession = openWhenBack(hold);
                if (newSession == null) {
                    throw e;
                }
                return newSession;
            }
        }
    }

    /**
     * Tries to open a session until that succeeds, with delays of 50 ms to 2 s between the attempts. The reason of the
     * hold follows the latest failure.
     *
     * @param hold the hold during which to try; the caller ends it
     * @return the session; null if the run is cancelled or its deadline passes first
     * @throws NodeRefusedException if the cause of a failure cannot pass with time, or the hold lasts longer than the
     *     patience
     */
    @Nullable Session openWhenBack(Hold hold) throws InterruptedException {
        while (limits.ending() == null) {
            try {
                return openNow();
            } catch (NodeRefusedException e) {
                if (!canPass(e) || hold.patienceExhausted()) {
                    throw e;
                }
                hold.changeReason(String.valueOf(e.getMessage()));
            }
            limits.waitFor(hold.nextPollDelay());
        }
        return null;
    }

    /** Returns whether the cause of a refusal can pass with time, such as a restart of the server. */
    private boolean canPass(NodeRefusedException refusal) {
        return refusal.mayPass(locator.primaryCanMove());
    }
}
