package io.keysweep.engine.discovery;

import io.keysweep.engine.discovery.SentinelAnswer.Named;
import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.link.ServerErrors;
import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.link.UnexpectedReplyException;
import io.keysweep.engine.text.ForeignText;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.engine.topology.SlotSet;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the primary that sentinels monitor under a name, and checks with ROLE that the node is a primary.
 *
 * <p>A sweep uses this discovery whenever it connects, since a failover may have replaced the primary. Immutable.
 * Thread-safe if the connector is.
 *
 * @param connector opens links to sentinels and nodes; the caller closes the connector
 * @param deployment the sentinels, the name of the primary, and the credentials for both
 */
public record SentinelDiscovery(NodeConnector connector, Deployment.Sentinel deployment) implements Discovery {

    /** The largest number of names of primaries in a message; more would not help to find a mistake. */
    private static final int MAX_NAMES = 10;

    /**
     * Asks all sentinels at the same time and waits until each has answered or failed. Returns the primary on which
     * they agree by the rule of {@link SentinelVote}. The topology contains no replicas.
     *
     * @param lastResort not used, because every sentinel is asked anyway
     * @throws NodeRefusedException if no sentinel names a primary, if the sentinels do not agree, or if the node on
     *     which they agree does not answer or is not a primary
     */
    @Override
    public Topology discover(@Nullable NodeAddress lastResort) {
        Named agreedAnswer = new SentinelVote(deployment.primaryName(), askAll()).findAgreedAnswer();
        checkRole(agreedAnswer.primary());
        return new Topology(
                List.of(new Primary(agreedAnswer.primary(), SlotSet.ALL, List.of())), agreedAnswer.sentinel());
    }

    /** Returns one answer for each sentinel, in the order of the deployment. */
    private List<SentinelAnswer> askAll() {
        // A link belongs to the thread that has opened it, so each sentinel has a separate thread.
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<SentinelAnswer>> answers = deployment.sentinels().stream()
                    .map(sentinel -> CompletableFuture.supplyAsync(() -> ask(sentinel), threads))
                    .toList();
            return answers.stream().map(CompletableFuture::join).toList();
        }
    }

    /** Returns which primary a sentinel names, or why it names none. */
    private SentinelAnswer ask(NodeAddress sentinel) {
        try (NodeLink link = connector.open(sentinel, deployment.sentinelAccess())) {
            Iterator<Reply> replies = link.call(List.of(
                            Command.of("SENTINEL", "GET-MASTER-ADDR-BY-NAME", deployment.primaryName()),
                            Command.of("SENTINEL", "MASTER", deployment.primaryName()),
                            Command.of("SENTINEL", "MYID"),
                            Command.of("INFO", "server")))
                    .replies()
                    .iterator();
            Reply address = replies.next();
            // The user may lack the permission for the next three commands; then the fields and the id are unknown.
            Reply master = replies.next();
            Reply myId = replies.next();
            Reply info = replies.next();

            if (address instanceof Reply.Failure failure) {
                if (failure.message().contains("unknown command")) {
                    throw new NodeRefusedException(
                            sentinel.toString(),
                            Reason.OTHER_DEPLOYMENT,
                            sentinel + " is not a sentinel; give the addresses of sentinels, or redis:// for a server");
                }
                throw refusal(sentinel, failure);
            }
            if (address instanceof Reply.Nil) {
                throw new NodeRefusedException(
                        sentinel.toString(),
                        Reason.OTHER_DEPLOYMENT,
                        "sentinel " + sentinel + " knows no '" + deployment.primaryName() + "', " + knownNames(link));
            }

            return toAnswer(sentinel, sentinelId(myId, info), readAddress(address), SentinelFields.of(master));
        } catch (NodeRefusedException e) {
            return new SentinelAnswer.NoPrimary(sentinel, e);
        } catch (LinkBrokenException | UnexpectedReplyException e) {
            return noPrimary(sentinel, Reason.UNREACHABLE, "sentinel " + sentinel + " did not answer: ", e);
        } catch (IllegalArgumentException e) {
            return noPrimary(sentinel, Reason.TOPOLOGY_UNCLEAR, "sentinel " + sentinel + " names the primary at ", e);
        }
    }

    /**
     * Returns the exception that explains an error reply of a sentinel. Sentinels have a user and a password of their
     * own, so the message names the options for the sentinels.
     */
    private NodeRefusedException refusal(NodeAddress sentinel, Reply.Failure failure) {
        NodeRefusedException refusal = new ServerErrors(
                        sentinel.toString(), deployment.sentinelAccess().credentials())
                .of("SENTINEL", failure, List.of("sentinel"));
        return refusal.reason() != Reason.AUTHENTICATION_REQUIRED
                        || !failure.code().equals("NOAUTH")
                ? refusal
                : new NodeRefusedException(
                        sentinel.toString(),
                        Reason.AUTHENTICATION_REQUIRED,
                        "sentinel " + sentinel + " requires a password and none is configured for sentinels (NOAUTH);"
                                + " give it, on the command line with KEYSWEEP_SENTINEL_PASSWORD or"
                                + " --sentinel-password");
    }

    /** Returns the answer of a sentinel that failed; {@code beginning} is followed by the message of the cause. */
    private static SentinelAnswer noPrimary(
            NodeAddress sentinel, Reason reason, String beginning, RuntimeException cause) {
        return new SentinelAnswer.NoPrimary(
                sentinel, new NodeRefusedException(sentinel.toString(), reason, beginning + cause.getMessage()));
    }

    /** Reads the address of the primary, host and port, and throws IllegalArgumentException if it is not valid. */
    private static NodeAddress readAddress(Reply reply) {
        List<Reply> parts = reply.items(2);
        String port = parts.get(1).text();
        return NodeAddress.announced(parts.get(0).text(), SentinelFields.parseOr(port, -1));
    }

    /**
     * Returns the id of a sentinel. Versions before 6.2 have none, so for them it is the id of the process. The result
     * is empty if neither is known.
     */
    private static String sentinelId(Reply myId, Reply info) {
        if (myId instanceof Reply.Text id) {
            return id.value();
        }
        return info instanceof Reply.Text text
                ? ServerInfo.parse(text.value()).text("run_id").orElse("")
                : "";
    }

    /** Returns the answer of a sentinel that names a primary, with the address at which Keysweep reaches it. */
    private Named toAnswer(NodeAddress sentinel, String id, NodeAddress announcedAddress, SentinelFields fields) {
        return new Named(
                sentinel,
                id,
                deployment.nodeMap().resolve(announcedAddress),
                fields.configEpoch(),
                fields.regardsAsDown(announcedAddress));
    }

    /**
     * Asks a sentinel for the names of the primaries that it monitors, and returns up to ten of them as the end of a
     * sentence.
     */
    private static String knownNames(NodeLink link) {
        Reply reply = link.call("SENTINEL", "MASTERS");
        if (reply instanceof Reply.Failure) {
            // The user may have permission to ask for one primary only.
            return "and refuses to list the names that it knows (SENTINEL MASTERS)";
        }
        String names = reply.items(0).stream()
                // The reply alternates field names and values; the first field is the name.
                .map(fields -> ForeignText.excerpt(fields.items(2).get(1).text()))
                .sorted()
                .limit(MAX_NAMES)
                .collect(Collectors.joining(", "));
        return "it knows: " + (names.isEmpty() ? "nothing" : names);
    }

    /**
     * Checks that the node itself reports the role of a primary. Shortly after a failover, the sentinels may still name
     * the old primary. They may also name the new primary before that node has changed its role.
     *
     * @throws NodeRefusedException if the node reports another role, refuses ROLE, or does not answer
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
                        node + " is named as primary of '" + deployment.primaryName()
                                + "' by the sentinels, but it reports the role " + ForeignText.excerpt(role)
                                + "; a failover may be in progress, try again");
            }
        } catch (LinkBrokenException | UnexpectedReplyException e) {
            throw new NodeRefusedException(
                    node.toString(), Reason.UNREACHABLE, node + " did not answer ROLE: " + e.getMessage());
        }
    }
}
