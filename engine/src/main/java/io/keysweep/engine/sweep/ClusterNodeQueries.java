package io.keysweep.engine.sweep;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.link.ServerErrors;
import io.keysweep.engine.link.UnexpectedReplyException;
import io.keysweep.engine.text.ForeignText;
import io.keysweep.engine.topology.NodeRefusedException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Asks one cluster node, with CLUSTER commands, which slots it serves and how many keys it holds of each slot.
 *
 * <p>Replies arrive in the order of the commands. The caller must therefore read all pending replies of the link before
 * it calls a method. Used by the sweep's thread only.
 *
 * @param link the connection to the node
 * @param errors explains the node's error replies
 */
record ClusterNodeQueries(NodeLink link, ServerErrors errors) {

    /**
     * The permissions that the message of a refusal suggests. They include the permissions of the discovery, so that an
     * administrator can grant everything that a cluster needs with one change.
     */
    private static final List<String> PERMISSIONS =
            List.of("cluster|nodes", "cluster|slots", "cluster|countkeysinslot");

    /**
     * Reads the slots that the node serves and imports (CLUSTER NODES).
     *
     * @throws NodeRefusedException if the node answers with an error, for example because the user is not allowed to
     *     run the command
     * @throws LinkBrokenException if the connection breaks or the reply cannot be parsed
     */
    ServedSlots readServedSlots() {
        Reply reply = link.call("CLUSTER", "NODES");
        if (reply instanceof Reply.Failure failure) {
            throw errors.of("CLUSTER", failure, PERMISSIONS);
        }
        try {
            return ServedSlots.parse(reply.text());
        } catch (UnexpectedReplyException e) {
            throw LinkBrokenException.after(e);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw LinkBrokenException.after(new UnexpectedReplyException(
                    "an unreadable reply to CLUSTER NODES: " + ForeignText.quote(reply.text())));
        }
    }

    /**
     * Checks that the server at the other end is the expected node of the cluster. Another node may answer, for example
     * because of a mistake in the node map, which translates announced addresses into reachable ones. The check is
     * skipped if the node does not report its own id.
     *
     * @param expectedId the id of the expected node, 40 hexadecimal digits
     * @throws NodeRefusedException if another node answers, or the node answers with an error
     * @throws LinkBrokenException see {@link #readServedSlots}
     */
    void requireExpectedNode(String expectedId) {
        String actual = readServedSlots().ownId();
        if (actual != null && !actual.equals(expectedId)) {
            String address = errors.nodeId();
            throw new NodeRefusedException(
                    address,
                    NodeRefusedException.Reason.TOPOLOGY_UNCLEAR,
                    address + " is node " + ForeignText.excerpt(actual) + " of the cluster, but node "
                            + ForeignText.excerpt(expectedId)
                            + " is expected there; correct the node map or the address that the node announces");
        }
    }

    /**
     * Counts the keys that the node holds of each slot in the selected database (CLUSTER COUNTKEYSINSLOT). Includes
     * slots that the node does not serve: a migration that was broken off can leave keys there. Sends one command per
     * slot, all in one write. Accesses no key.
     *
     * @return the count by slot, only of slots with keys. A slot for which the node answers with an error is left out.
     *     So the result is empty if the user is not allowed to run the command
     * @throws LinkBrokenException if the connection breaks
     */
    SortedMap<Integer, Long> countKeysBySlot(List<Integer> slots) {
        List<Reply> replies = link.call(slots.stream()
                        .map(slot -> Command.of("CLUSTER", "COUNTKEYSINSLOT", slot.toString()))
                        .toList())
                .replies();
        SortedMap<Integer, Long> keys = new TreeMap<>();
        for (int i = 0; i < slots.size(); i++) {
            if (replies.get(i) instanceof Reply.Numeric count && count.value() > 0) {
                keys.put(slots.get(i), count.value());
            }
        }
        return keys;
    }
}
