package io.keysweep.engine.doctor;

import io.keysweep.engine.advice.Advice;
import io.keysweep.engine.discovery.Discovery;
import io.keysweep.engine.discovery.Primary;
import io.keysweep.engine.discovery.Topology;
import io.keysweep.engine.estimate.SweepCost;
import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.ServerErrors;
import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.link.UnexpectedReplyException;
import io.keysweep.engine.reclaim.KeyNames;
import io.keysweep.engine.reclaim.MethodChoice;
import io.keysweep.engine.reclaim.MethodSelector;
import io.keysweep.engine.sweep.DatabaseAccess;
import io.keysweep.engine.sweep.Keyspace;
import io.keysweep.engine.sweep.LoadBalancerCheck;
import io.keysweep.engine.sweep.ProxyCheck;
import io.keysweep.engine.sweep.Purge;
import io.keysweep.engine.sweep.ServerIdentity;
import io.keysweep.engine.sweep.ServerSettings;
import io.keysweep.engine.sweep.ServerStatus;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Examines servers before a sweep, and reports findings that matter to the sweep.
 *
 * <p>A finding is a problem, a warning or a remark, with one action for the operator. The doctor reads INFO and the
 * settings of each server, and tries which reclaim method (script, transaction or pipeline) the server allows. The
 * trial uses a cursor that servers reject before they access a key. {@link FitnessChecks}, {@link LoadChecks} and
 * {@link MemoryChecks} derive the findings. Thread-safe.
 */
public final class ServerDoctor implements Doctor {

    private final NodeConnector connector;

    /**
     * Creates a doctor.
     *
     * @param connector opens links to servers; the doctor closes the connector when the doctor is closed
     */
    public ServerDoctor(NodeConnector connector) {
        this.connector = connector;
    }

    @Override
    public Examination examine(Deployment deployment, boolean purging) {
        List<String> extraCommands = extraCommands(deployment, purging);
        List<Diagnosis> diagnoses = new ArrayList<>();
        List<NodeRefusedException> refusals = new ArrayList<>();
        Topology topology = Discovery.of(connector, deployment).discover();
        for (Primary primary : topology.primaries()) {
            try {
                diagnoses.add(examineServer(primary.address(), deployment.access(), extraCommands));
            } catch (NodeRefusedException e) {
                // Outside a cluster, no other server is left to examine, so the caller gets the exception itself.
                if (!(deployment instanceof Deployment.Cluster)) {
                    throw e;
                }
                refusals.add(e);
            }
        }
        NodeRefusedException unassignedSlotsRefusal = topology.refusalOfUnassigned();
        if (unassignedSlotsRefusal != null) {
            refusals.add(unassignedSlotsRefusal);
        }
        return new Examination(diagnoses, refusals);
    }

    /**
     * Returns the commands that a sweep of this kind of deployment needs in addition to the commands of its reclaim
     * method.
     *
     * @param purging whether the sweep ends with MEMORY PURGE
     */
    private static List<String> extraCommands(Deployment deployment, boolean purging) {
        List<String> commands = new ArrayList<>(
                switch (deployment) {
                    case Deployment.Standalone server -> List.of();
                    case Deployment.Sentinel sentinel -> List.of("role");
                    case Deployment.Cluster cluster ->
                        List.of("cluster|slots", "cluster|nodes", "cluster|countkeysinslot");
                });
        if (purging) {
            commands.add(Purge.PERMISSION);
        }
        return commands;
    }

    /**
     * Examines one server.
     *
     * @throws NodeRefusedException if it cannot be examined
     */
    private Diagnosis examineServer(NodeAddress address, Access access, List<String> extraCommands) {
        ServerErrors errors = new ServerErrors(address.toString(), access.credentials());
        try (NodeLink link = connector.open(address, access)) {
            ServerFacts facts = readFacts(link, errors);
            return diagnose(facts, extraCommands, severalServersReason(address, access, facts));
        } catch (LinkBrokenException e) {
            throw errors.broken(e);
        } catch (UnexpectedReplyException e) {
            throw errors.unexpected(e);
        }
    }

    /**
     * Opens further connections, and returns the evidence that the address leads to several servers. The result is null
     * if all connections reached the same server, if the check is not possible, or if the facts show a proxy already.
     *
     * @throws LinkBrokenException if the server process was replaced after the first connection, for example by a
     *     restart
     */
    private @Nullable String severalServersReason(NodeAddress address, Access access, ServerFacts facts) {
        // FitnessChecks reports a proxy that splits the keys.
        if (facts.split() != null) {
            return null;
        }
        try {
            new LoadBalancerCheck(connector, address, access)
                    .refuseSeveral(facts.info().text("run_id").orElse(""));
            return null;
        } catch (NodeRefusedException e) {
            return e.getMessage();
        }
    }

    /**
     * Reads INFO and the settings, and tries which reclaim method works. If no method works, the facts contain the
     * reason.
     *
     * @throws NodeRefusedException if the server refuses INFO
     */
    private static ServerFacts readFacts(NodeLink link, ServerErrors errors) {
        String nodeId = errors.nodeId();
        ServerInfo info = ServerInfo.read(link, errors, MethodSelector.neededCommands());
        ServerSettings settings = ServerSettings.read(link);
        String name = errors.credentials().username();
        String user = name == null ? "default" : name;
        if (!canTrySteps(info, settings)) {
            return ServerFacts.withoutMethod(nodeId, user, info, settings, "not tried", /* refusal= */ null);
        }
        try {
            return tryMethods(link, errors, user, info, settings);
        } catch (LinkBrokenException e) {
            // Redis up to 8.0 does not report paused writes in INFO. It delays scripts until the pause has ended, so
            // the trial of a script gets no reply.
            String why = nodeId + " does not reply to it (" + e.getMessage() + "); writes may be paused (CLIENT PAUSE)";
            return factsWithoutMethod(
                    nodeId, user, info, settings, new NodeRefusedException(nodeId, Reason.NOT_RECLAIMING, why));
        } catch (NodeRefusedException e) {
            return factsWithoutMethod(nodeId, user, info, settings, e);
        }
    }

    /**
     * Returns the facts of a server that allows a reclaim method.
     *
     * @throws NodeRefusedException if the server allows no reclaim method
     */
    private static ServerFacts tryMethods(
            NodeLink link, ServerErrors errors, String user, ServerInfo info, ServerSettings settings) {
        new DatabaseAccess(link, errors).requireAccessToAll(Keyspace.of(info));

        ServerIdentity identity = ServerIdentity.of(info);
        MethodSelector selector = new MethodSelector(link, errors, identity.flavour(), identity.version());
        MethodChoice choice = selector.choose(settings.nestedExpiry());
        ProxyCheck.SplitView split = new ProxyCheck(link, errors).check(info, choice.method());
        if (split != null) {
            // The proxy sends a script to only one of its servers, so the counts would cover only that server.
            choice = selector.chooseForProxy(split.why(), KeyNames.LEAVE_IF_NEEDED);
        }
        return new ServerFacts(
                errors.nodeId(),
                user,
                info,
                settings,
                choice.method().label(),
                choice.reason(),
                choice.method().permissions(),
                choice.method().atomic(),
                /* refusal= */ null,
                split);
    }

    private static ServerFacts factsWithoutMethod(
            String nodeId, String user, ServerInfo info, ServerSettings settings, NodeRefusedException refusal) {
        String reason = String.valueOf(refusal.getMessage());
        return ServerFacts.withoutMethod(nodeId, user, info, settings, reason, refusal);
    }

    /** Returns whether it makes sense to try the reclaim methods; if not, {@link FitnessChecks} reports the reason. */
    private static boolean canTrySteps(ServerInfo info, ServerSettings settings) {
        return !info.is("loading", "1")
                && !info.is("redis_mode", "sentinel")
                && !ServerIdentity.of(info).tooOld()
                && !settings.importMode()
                && new ServerStatus(info).obstacle().isEmpty();
    }

    /**
     * Makes a diagnosis of the facts, with the most severe findings first.
     *
     * @param extraCommands the commands that a sweep of this kind of deployment needs in addition to its method
     * @param severalServersReason the evidence that the address leads to several servers; null if it leads to one
     *     server
     */
    private static Diagnosis diagnose(
            ServerFacts facts, List<String> extraCommands, @Nullable String severalServersReason) {
        List<Finding> findings = new ArrayList<>(FitnessChecks.of(facts));
        if (severalServersReason != null) {
            findings.add(Finding.problem(
                    "several-servers", severalServersReason + ".", "Sweep each primary by its own address."));
        }
        findings.addAll(LoadChecks.of(facts));
        findings.addAll(MemoryChecks.of(facts));
        Advice advice = AdviceCheck.advice(facts);
        findings.addAll(AdviceCheck.of(facts, advice));
        findings.sort(Comparator.comparing(Finding::severity).reversed());
        ServerIdentity identity = facts.identity();
        return new Diagnosis(
                facts.nodeId(),
                identity.flavour(),
                identity.version(),
                facts.isReplica() ? Diagnosis.ReplicationRole.REPLICA : Diagnosis.ReplicationRole.PRIMARY,
                facts.keys(),
                facts.volatileKeys(),
                facts.memory(),
                facts.replicas(),
                facts.settings().values(),
                facts.method(),
                facts.methodReason(),
                UserCommand.of(facts, extraCommands),
                SweepCost.of(facts.keys(), identity.flavour(), identity.version()),
                AdviceCheck.dead(facts),
                advice,
                findings);
    }

    @Override
    public void close() {
        connector.close();
    }
}
