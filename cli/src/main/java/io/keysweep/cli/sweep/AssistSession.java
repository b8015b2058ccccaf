package io.keysweep.cli.sweep;

import io.keysweep.api.text.FileProblem;
import io.keysweep.cli.progress.Announcements;
import io.keysweep.cli.progress.ProgressDisplay;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.RefusedNode;
import io.keysweep.cli.shell.UserAssistLedger;
import io.keysweep.engine.assist.Assist;
import io.keysweep.engine.assist.AssistLedger;
import io.keysweep.engine.assist.AssistReport;
import io.keysweep.engine.assist.AssistingEngine;
import io.keysweep.engine.assist.SettingsRestorer;
import io.keysweep.engine.assist.SettingsRestorer.Restoration;
import io.keysweep.engine.deployment.DeploymentRequest;
import io.keysweep.engine.discovery.Topology;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.Timing;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeRefusedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/**
 * Runs assist for {@code keysweep sweep}: restores settings that an earlier process has left raised, assists primaries,
 * and collects the reports.
 *
 * <p>Assist makes the server itself remove more expired keys for a while. It raises settings and then puts them back. A
 * ledger on this machine has the former values of raised settings. If this process is killed, the next sweep of the
 * server can restore them. One session belongs to one run of the command. The thread of the command uses it, while
 * other threads report through {@link AssistWatch}.
 */
final class AssistSession {

    /**
     * The exit codes of primaries on which assist did not end well, the most important one first. A raised setting or a
     * backlog that does not fall comes first. The order does not depend on which primary ended first.
     */
    private static final List<ExitCode> WORST_FIRST = List.of(
            ExitCode.FAILED, ExitCode.INTERRUPTED, ExitCode.TIMED_OUT, ExitCode.UNREACHABLE, ExitCode.NOT_SWEEPABLE);

    private final AssistLedger ledger;
    private final Supplier<NodeConnector> connectors;
    private final Announcements announcements;
    private final AssistWatch watch;

    /**
     * The refusals so far: slots of a cluster without a primary, and primaries that could not be assisted, in the order
     * in which the attempts ended.
     */
    private final List<NodeRefusedException> refusals = new ArrayList<>();

    AssistSession(CommandContext context, Supplier<NodeConnector> connectors, Announcements announcements) {
        ledger = UserAssistLedger.of(context);
        this.connectors = connectors;
        this.announcements = announcements;
        watch = new AssistWatch(announcements);
    }

    /**
     * Restores settings on every server of a deployment where an earlier process has left them raised, and announces
     * the outcome for each setting. Connects to no server if the ledger is empty. A ledger that cannot be read
     * is announced and does not end the command.
     */
    void restoreLeftovers(Deployment deployment) {
        try {
            if (ledger.entries().isEmpty()) {
                return;
            }
            try (NodeConnector connector = connectors.get()) {
                for (Restoration restoration : new SettingsRestorer(connector, ledger).restore(deployment)) {
                    announcements.say(AssistSummary.restoredLine(restoration.entry(), restoration.settings())
                            + (restoration.notRemoved() == null ? "" : "; " + restoration.notRemoved()));
                }
            }
        } catch (IOException e) {
            announcements.say(
                    "The former settings of servers that assist has raised cannot be read: " + FileProblem.of(e));
        }
    }

    /**
     * Tries again to put settings back on servers that could not be reached when assist of this session ended. Does
     * nothing if there are no such servers.
     */
    void restoreLost(Deployment deployment) {
        if (watch.reports().stream().anyMatch(AssistReport::stillRaised)) {
            restoreLeftovers(deployment);
        }
    }

    /**
     * Returns the addresses of the servers of a deployment whose settings are raised or may be, since their former
     * settings are in the ledger. Connects to no server. Returns none if the ledger cannot be read.
     */
    List<String> serversLeftRaised(Deployment deployment) {
        try {
            String key = AssistLedger.keyOf(deployment);
            return ledger.entries().stream()
                    .filter(entry -> entry.deployment().equals(key))
                    .map(entry -> entry.address().toString())
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Returns an engine that assists each primary before the given engine sweeps that primary. */
    SweepEngine assisting(SweepEngine engine) {
        return new AssistingEngine(engine, newAssist(), watch);
    }

    private Assist newAssist() {
        return new Assist(connectors.get(), ledger, Timing.system());
    }

    /**
     * Assists all primaries of a deployment; in a cluster, several at the same time within the limits of the request.
     * After a cancel or the timeout at one primary, no further ones are assisted. After any other ending, such as a
     * lost connection or a refusal by a primary of a cluster, the next primary follows.
     *
     * @param display shows the times in which assist must wait
     * @throws NodeRefusedException if no node can say which servers are the primaries, or, outside a cluster, if
     *     the only primary cannot be reached or swept
     */
    void assistAll(DeploymentRequest request, SweepControl control, ProgressDisplay display)
            throws InterruptedException {
        Deployment deployment = request.sweep().deployment();
        try (Assist assist = newAssist()) {
            if (!(deployment instanceof Deployment.Cluster cluster)) {
                // The request names no shard: assist finds the only primary through the deployment.
                watch.onEnded(assist.run(request.sweep(), control, new SweepWatch(display), watch));
                return;
            }
            Topology topology = assist.discover(deployment);
            NodeRefusedException refusalOfUnassigned = topology.refusalOfUnassigned();
            if (refusalOfUnassigned != null) {
                // Without this refusal, a cluster in which no slot is assigned would look like success.
                refusals.add(refusalOfUnassigned);
            }
            // With all nodes, assist finds the primaries even if the nodes that the user has named have died by then.
            Deployment knownCluster = cluster.withOtherNodes(topology.nodes());
            ClusterAssist clusterAssist = new ClusterAssist(assist, request, knownCluster, control, watch, display);
            refusals.addAll(clusterAssist.run(topology.shards()));
        }
    }

    /** Returns the primaries of a cluster, and the slots without a primary, that could not be assisted. */
    List<RefusedNode> refusedNodes() {
        return RefusedNode.of(refusals);
    }

    /** Returns how many keys all servers have reclaimed during assist so far, by their own counts. */
    long reclaimed() {
        return watch.reclaimed();
    }

    /** Returns the reports so far, in the order in which assist ended on the primaries. */
    List<AssistReport> reports() {
        return watch.reports();
    }

    /**
     * Returns the exit code of a command that has only assisted. If primaries have ended differently, this is the first
     * code of {@link #WORST_FIRST} that applies to one of them. If assist ended well on all of them, it is the code of
     * the first refusal, or {@link ExitCode#DONE}.
     */
    ExitCode exitCode() {
        return reports().stream()
                .map(AssistSession::exitCode)
                .filter(WORST_FIRST::contains)
                .min(Comparator.comparingInt(WORST_FIRST::indexOf))
                .orElse(RefusedNode.exitCode(refusals));
    }

    /**
     * Returns the exit code of the command. That is the code of its sweep, unless the sweep is done and settings of a
     * server are still raised, which is a fault.
     */
    int exitCode(int sweepCode) {
        boolean fault = reports().stream().anyMatch(AssistReport::stillRaised);
        return fault && sweepCode == ExitCode.DONE.number() ? ExitCode.FAILED.number() : sweepCode;
    }

    private static ExitCode exitCode(AssistReport report) {
        if (report.stillRaised()) {
            return ExitCode.FAILED;
        }
        return switch (report.ending()) {
            case NOTHING_LEFT, LITTLE_LEFT -> ExitCode.DONE;
            // More than about 1 % is left, which must not look like success.
            case NOT_FALLING -> ExitCode.FAILED;
            case CANCELLED -> ExitCode.INTERRUPTED;
            case TIMED_OUT -> ExitCode.TIMED_OUT;
            case REFUSED, CHANGED_BY_OTHERS, OVERLOADED -> ExitCode.NOT_SWEEPABLE;
            case LOST -> ExitCode.UNREACHABLE;
        };
    }
}
