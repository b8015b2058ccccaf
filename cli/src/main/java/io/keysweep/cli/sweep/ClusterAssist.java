package io.keysweep.cli.sweep;

import io.keysweep.cli.progress.ProgressDisplay;
import io.keysweep.engine.assist.Assist;
import io.keysweep.engine.assist.AssistListener;
import io.keysweep.engine.assist.AssistReport;
import io.keysweep.engine.assist.AssistReport.AssistEnding;
import io.keysweep.engine.deployment.DeploymentRequest;
import io.keysweep.engine.deployment.ShardTasks;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.Shard;
import java.util.List;
import java.util.Optional;

/**
 * Assists the primaries of a cluster, as many at the same time as the request allows, in all and on each host.
 *
 * <p>Assist makes a server itself remove more expired keys for a while. It raises settings of the server and then puts
 * them back. Runs once.
 */
final class ClusterAssist {

    private final Assist assist;
    private final DeploymentRequest request;
    private final Deployment cluster;
    private final SweepControl control;
    private final AssistListener listener;
    private final ShardHolds holds;

    /** Whether assist was cancelled or timed out on a primary, so that no further primary is assisted. */
    private volatile boolean ended;

    /**
     * Creates the assist of one cluster.
     *
     * @param assist assists one primary; the caller closes it
     * @param request the settings for each primary, and the limits
     * @param cluster the cluster, with all nodes known by now
     * @param control pauses, cancels or retunes assist on all primaries
     * @param listener receives the events of all primaries, also the reports
     * @param display shows the times in which assist must wait
     */
    ClusterAssist(
            Assist assist,
            DeploymentRequest request,
            Deployment cluster,
            SweepControl control,
            AssistListener listener,
            ProgressDisplay display) {
        this.assist = assist;
        this.request = request;
        this.cluster = cluster;
        this.control = control;
        this.listener = listener;
        this.holds = new ShardHolds(display);
    }

    /**
     * Assists the primaries of shards, and returns when assist has ended on all of them.
     *
     * @return why primaries were not assisted, in the order in which the attempts ended. The other primaries are
     *     assisted nevertheless, so that their results are not lost
     * @throws InterruptedException if the calling thread is interrupted; assist has ended on all primaries by then
     */
    List<NodeRefusedException> run(List<Shard> shards) throws InterruptedException {
        holds.reset(shards.size());
        return ShardTasks.run(request, shards, this::assist).stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /** Assists one primary, and returns why it was not assisted; empty if it was, or if the command has to end. */
    private Optional<NodeRefusedException> assist(Shard shard) throws InterruptedException {
        if (ended) {
            return Optional.empty();
        }
        holds.begin(shard);
        try {
            AssistReport report = assist.run(
                    request.sweep().ofShard(cluster, shard), control, event -> showHold(shard, event), listener);
            listener.onEnded(report);
            if (report.ending() == AssistEnding.CANCELLED || report.ending() == AssistEnding.TIMED_OUT) {
                ended = true;
            }
            return Optional.empty();
        } catch (NodeRefusedException e) {
            return Optional.of(e);
        } finally {
            holds.end(shard);
        }
    }

    private void showHold(Shard shard, SweepEvent event) {
        switch (event) {
            case SweepEvent.HoldBegan hold -> holds.hold(shard, hold.reason());
            case SweepEvent.HoldEnded holdEnd -> holds.endHold(shard);
            default -> {
                // Assist sends no other events of a sweep.
            }
        }
    }
}
