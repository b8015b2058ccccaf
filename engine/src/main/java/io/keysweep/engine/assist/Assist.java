package io.keysweep.engine.assist;

import io.keysweep.engine.assist.AssistReport.AssistEnding;
import io.keysweep.engine.discovery.Discovery;
import io.keysweep.engine.discovery.Topology;
import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.ServerErrors;
import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.link.UnexpectedReplyException;
import io.keysweep.engine.reclaim.MethodSelector;
import io.keysweep.engine.sweep.LoadBalancerCheck;
import io.keysweep.engine.sweep.ServerStatus;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepListener;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.sweep.Timing;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.engine.topology.Shard;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Raises settings of a primary for a while, so that the server itself removes more expired keys, and then restores the
 * former values.
 *
 * <p>A server's own expiry is a cycle that removes expired keys in the background. If few keys have a TTL, raised
 * settings reclaim expired keys for a fraction of the cost of a sweep. Assist raises {@code active-expire-effort} and
 * {@code hz}. For the same time it sets {@code lazyfree-lazy-expire yes}, since the server would otherwise be blocked
 * while it frees a large value. Before the first change, assist stores the former settings in the {@link AssistLedger},
 * so that a later process can restore them if this process cannot. {@link AssistingEngine} runs assist before a sweep.
 * Safe to share between threads.
 */
public final class Assist implements AutoCloseable {

    private final NodeConnector connector;
    private final AssistLedger ledger;
    private final Timing timing;

    /**
     * Creates an assist.
     *
     * @param connector opens connections to servers; closed together with this object
     * @param ledger stores the former settings
     * @param timing the source of time
     */
    public Assist(NodeConnector connector, AssistLedger ledger, Timing timing) {
        this.connector = connector;
        this.ledger = ledger;
        this.timing = timing;
    }

    /** Returns an assist with the same connector and another ledger; only one of them must be closed. */
    public Assist withLedger(AssistLedger other) {
        return new Assist(connector, other, timing);
    }

    /**
     * Finds the primaries of a deployment.
     *
     * @throws NodeRefusedException if no node gives a usable answer
     */
    public Topology discover(Deployment deployment) {
        return Discovery.of(connector, deployment).discover();
    }

    /**
     * Raises and lowers the settings of the primary of a request, on the calling thread, until assist gains too little
     * or must end.
     *
     * @param request the deployment, the shard, the pace, the deadline and the patience (how long a hold by the
     *     server's state may last); other fields are not used. Without a shard, the first primary is assisted
     * @param control lets other threads pause, cancel or retune assist
     * @param holds receives the beginning and the end of holds: times at the former settings although the pace would
     *     allow the raised ones
     * @param listener receives the changes of settings; the caller itself must call {@link AssistListener#onEnded}
     * @return the report of assist, even if it was refused or lost the server after it began
     * @throws NodeRefusedException if the primary cannot be reached or cannot be swept, before any setting is raised
     * @throws InterruptedException if the thread is interrupted; the former settings are restored by then if the
     *     server answers
     */
    public AssistReport run(SweepRequest request, SweepControl control, SweepListener holds, AssistListener listener)
            throws InterruptedException {
        return keepWithin(/* limit= */ null, request, control, holds, listener);
    }

    /**
     * Assists like {@link #run}, but continues while the backlog stays at or below a limit. This is for primaries whose
     * keys expire all the time.
     *
     * @param limit the limit; null to end once the backlog no longer falls
     * @throws NodeRefusedException as {@link #run}
     * @throws InterruptedException as {@link #run}
     */
    public AssistReport keepWithin(
            @Nullable BacklogLimit limit,
            SweepRequest request,
            SweepControl control,
            SweepListener holds,
            AssistListener listener)
            throws InterruptedException {
        NodeAddress address = locate(request);
        Access access = request.deployment().access();
        ServerErrors errors = new ServerErrors(address.toString(), access.credentials());
        try (NodeLink link = connector.open(address, access)) {
            ServerInfo info = ServerInfo.read(link, errors, MethodSelector.neededCommands());
            Optional<NodeRefusedException> unfit = new ServerStatus(info).refusal(address.toString());
            if (unfit.isPresent()) {
                throw unfit.get();
            }
            String runId = info.text("run_id").orElse("");
            // Behind a load balancer, a later connection could change the settings of another server.
            new LoadBalancerCheck(connector, address, access).refuseSeveral(runId);
            CycleReading firstReading = CycleReading.of(info, timing.nanoTime().getAsLong());
            AssistTally tally = new AssistTally(address.toString(), CycleReading.counter(info), firstReading);
            // Without keys that can expire there is nothing to gain, so no setting is touched.
            if (firstReading.volatileKeys() == 0) {
                return tally.report(AssistEnding.NOTHING_LEFT, "no key has a TTL", List.of());
            }
            return runUnderClaim(
                    new AssistRun(connector, timing, request, control, holds, listener, address, runId, limit),
                    link,
                    tally);
        } catch (LinkBrokenException e) {
            throw errors.broken(e);
        } catch (UnexpectedReplyException e) {
            throw errors.unexpected(e);
        }
    }

    /** Claims the server, so that no other process of this user changes its settings, and then assists it. */
    private AssistReport runUnderClaim(AssistRun run, NodeLink link, AssistTally tally) throws InterruptedException {
        try {
            Optional<AssistLedger.Claim> claim = ledger.claim(run.address());
            if (claim.isEmpty()) {
                return tally.report(AssistEnding.REFUSED, "another process of Keysweep assists this server", List.of());
            }
            try (AssistLedger.Claim openClaim = claim.get()) {
                return run.start(link, openClaim, tally);
            }
        } catch (IOException e) {
            return tally.report(
                    AssistEnding.REFUSED, "the former settings cannot be stored: " + e.getMessage(), List.of());
        }
    }

    /** Returns the address of the primary to assist. Refuses a shard whose primary no longer serves any slots. */
    private NodeAddress locate(SweepRequest request) {
        Topology topology = discover(request.deployment());
        Shard shard = request.shard();
        if (shard == null) {
            return topology.primaries().getFirst().address();
        }
        if (topology.servedAt(shard.primary()).isEmpty()) {
            throw new NodeRefusedException(
                    shard.primary().toString(), Reason.HANDED_OVER, shard.primary() + " serves no slots any more");
        }
        return shard.primary();
    }

    /** Closes the connector. No call may be running. */
    @Override
    public void close() {
        connector.close();
    }
}
