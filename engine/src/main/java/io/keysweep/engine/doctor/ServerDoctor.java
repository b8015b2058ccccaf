package io.keysweep.engine.doctor;

import io.keysweep.engine.discovery.Discovery;
import io.keysweep.engine.estimate.SweepCost;
import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.link.ServerErrors;
import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.link.UnexpectedReplyException;
import io.keysweep.engine.reclaim.MethodChoice;
import io.keysweep.engine.reclaim.MethodSelector;
import io.keysweep.engine.sweep.Keyspace;
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

/** The doctor over any way to connect. */
public final class ServerDoctor implements Doctor {

    private final NodeConnector connector;

    /**
     * A doctor.
     *
     * @param connector opens links; closed together with the doctor
     */
    public ServerDoctor(NodeConnector connector) {
        this.connector = connector;
    }

    @Override
    public List<Diagnosis> examine(Deployment deployment, boolean purging) {
        List<String> further = further(deployment, purging);
        return Discovery.of(connector, deployment).discover().primaries().stream()
                .map(primary -> examine(primary.address(), deployment.access(), further))
                .toList();
    }

    private static List<String> further(Deployment deployment, boolean purging) {
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

    private Diagnosis examine(NodeAddress address, Access access, List<String> further) {
        try (NodeLink link = connector.open(address, access)) {
            return diagnosis(facts(link, address.toString(), access), further);
        } catch (LinkBrokenException | UnexpectedReplyException e) {
            throw new NodeRefusedException(
                    address.toString(), Reason.UNREACHABLE, address + " could not be examined: " + e.getMessage());
        }
    }

    private static ServerFacts facts(NodeLink link, String nodeId, Access access) {
        ServerErrors refusals = new ServerErrors(nodeId, access.credentials());
        ServerInfo info = ServerInfo.parse(require(link, refusals, "INFO").text());
        ServerSettings settings = ServerSettings.read(link);
        String name = access.credentials().username();
        String user = name == null ? "default" : name;
        ServerIdentity identity = ServerIdentity.of(info);
        if (!answersSteps(info, settings)) {
            return new ServerFacts(nodeId, user, info, settings, null, "not asked", List.of(), true, null);
        }
        try {
            int lastDb = Keyspace.of(info).keys().isEmpty()
                    ? 0
                    : Keyspace.of(info).keys().lastKey();
            if (lastDb != 0) {
                require(link, refusals, "SELECT", Integer.toString(lastDb));
            }
            MethodChoice choice = new MethodSelector(link, refusals, identity.flavour(), identity.version())
                    .choose(settings.nestedExpiry());
            return new ServerFacts(
                    nodeId,
                    user,
                    info,
                    settings,
                    choice.method().label(),
                    choice.reason(),
                    choice.method().permissions(),
                    choice.method().atomic(),
                    null);
        } catch (LinkBrokenException e) {
            // Redis up to 8.0 does not tell of paused writes; it holds scripts back until the pause is over.
            String why = nodeId + " does not answer it (" + e.getMessage() + "); writes may be paused (CLIENT PAUSE)";
            return stepless(nodeId, user, info, settings, new NodeRefusedException(nodeId, Reason.NOT_RECLAIMING, why));
        } catch (NodeRefusedException e) {
            return stepless(nodeId, user, info, settings, e);
        }
    }

    private static ServerFacts stepless(
            String nodeId, String user, ServerInfo info, ServerSettings settings, NodeRefusedException refusal) {
        String why = String.valueOf(refusal.getMessage());
        return new ServerFacts(nodeId, user, info, settings, null, why, List.of(), true, refusal);
    }

    /** Whether it makes sense to ask for a method; what else there is, the checks tell. */
    private static boolean answersSteps(ServerInfo info, ServerSettings settings) {
        return !info.is("loading", "1")
                && !info.is("redis_mode", "sentinel")
                && !ServerIdentity.of(info).tooOld()
                && !settings.importMode()
                && new ServerStatus(info).obstacle().isEmpty();
    }

    private static Reply require(NodeLink link, ServerErrors refusals, String... command) {
        Reply reply = link.call(command);
        if (reply instanceof Reply.Failure failure) {
            throw refusals.of(command[0], failure, MethodSelector.needed());
        }
        return reply;
    }

    private static Diagnosis diagnosis(ServerFacts facts, List<String> further) {
        List<Finding> findings = new ArrayList<>(FitnessChecks.of(facts));
        findings.addAll(LoadChecks.of(facts));
        findings.addAll(MemoryChecks.of(facts));
        findings.sort(Comparator.comparing(Finding::severity).reversed());
        ServerIdentity identity = facts.identity();
        return new Diagnosis(
                facts.nodeId(),
                identity.flavour(),
                identity.version(),
                facts.replica() ? Diagnosis.Role.REPLICA : Diagnosis.Role.PRIMARY,
                facts.keys(),
                facts.volatileKeys(),
                facts.memory(),
                facts.replicas(),
                facts.settings().values(),
                facts.method(),
                facts.methodReason(),
                UserCommand.of(facts, further),
                SweepCost.of(facts.keys(), identity.flavour(), identity.version()),
                findings);
    }

    @Override
    public void close() {
        connector.close();
    }
}
