package io.keysweep.engine.estimate;

import io.keysweep.engine.discovery.Discovery;
import io.keysweep.engine.discovery.Primary;
import io.keysweep.engine.estimate.EstimateRefusedException.Reason;
import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.link.UnexpectedReplyException;
import io.keysweep.engine.plan.LowBits;
import io.keysweep.engine.sweep.CursorProbe;
import io.keysweep.engine.sweep.Keyspace;
import io.keysweep.engine.sweep.Timing;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Estimates on a replica, where a scan hides dead keys and removes none; on the primary only where that is agreed to. */
public final class ReplicaFirstEstimator implements BacklogEstimator {

    /** Calls of one estimate at most; in the worst case some tens of seconds at a gentle pace. */
    private static final long BUDGET = 4_000;

    private final NodeConnector connector;
    private final Timing timing;
    private final RandomGenerator seeds;

    /**
     * @param connector opens links; closed together with this
     * @param timing what waits between calls
     * @param seeds which segments are sampled; safe to share between threads
     */
    public ReplicaFirstEstimator(NodeConnector connector, Timing timing, RandomGenerator seeds) {
        this.connector = connector;
        this.timing = timing;
        this.seeds = seeds;
    }

    @Override
    public List<Estimate> estimate(EstimateRequest request) throws InterruptedException {
        List<Estimate> estimates = new ArrayList<>();
        for (Primary primary :
                Discovery.of(connector, request.deployment()).discover().primaries()) {
            estimates.add(estimate(request, primary.address()));
        }
        return estimates;
    }

    private Estimate estimate(EstimateRequest request, NodeAddress address) throws InterruptedException {
        Deployment deployment = request.deployment();
        try (EstimateSource asked = EstimateSource.open(connector, address, deployment.access(), timing.sleeper());
                EstimateSource replica = asked.replica()
                        ? null
                        : ReplicaFinder.firstReadable(connector, asked, deployment, timing.sleeper())) {
            EstimateSource source = replica == null ? asked : replica;
            refuseHarm(request, source);
            return estimate(request, asked.nodeId(), source);
        } catch (LinkBrokenException | UnexpectedReplyException e) {
            throw new NodeRefusedException(
                    address.toString(),
                    NodeRefusedException.Reason.UNREACHABLE,
                    address + " could not be estimated: " + e.getMessage());
        }
    }

    private static void refuseHarm(EstimateRequest request, EstimateSource source) {
        String nodeId = source.nodeId();
        if (request.exact() && !source.replica()) {
            throw new EstimateRefusedException(
                    Reason.EXACT_NEEDS_REPLICA,
                    nodeId + " has no replica that can be read from here, and an exact count needs one: on a primary a"
                            + " pass over all keys is a sweep");
        }
        if (!source.replica() && !request.samplePrimary()) {
            throw new EstimateRefusedException(
                    Reason.PRIMARY_NOT_AGREED_TO,
                    nodeId + " is a primary without a replica that can be read from here; a sample there reclaims the"
                            + " dead keys that it meets, which has to be agreed to");
        }
    }

    private Estimate estimate(EstimateRequest request, String nodeId, EstimateSource source)
            throws InterruptedException {
        Keyspace keyspace = source.keyspace();
        long keys = keyspace.totalKeys();
        long volatileKeys = keyspace.totalExpires();
        LowBits lowBits = request.exact() ? LowBits.UNKNOWN : lowBits(source, keyspace);
        Backlog backlog = Backlog.NONE;
        for (var database : keyspace.keys().entrySet()) {
            // Each database gets its part of the calls, and every one enough to see something.
            long budget = Math.max(32, Math.round(BUDGET * (database.getValue() / (double) keys)));
            backlog = backlog.plus(
                    request.exact()
                            ? FullPass.of(source, database.getKey())
                            : sample(source, lowBits, database.getKey(), budget));
        }
        // Only what has a TTL can be dead.
        long dead = Math.clamp(Math.round(backlog.dead()), 0, volatileKeys);
        return new Estimate(
                nodeId,
                source.nodeId(),
                method(request, source),
                source.identity().flavour(),
                source.identity().version(),
                keys,
                volatileKeys,
                dead,
                Math.clamp((long) Math.floor(backlog.dead() - backlog.halfWidth()), 0, volatileKeys),
                Math.clamp((long) Math.ceil(backlog.dead() + backlog.halfWidth()), 0, volatileKeys),
                request.exact(),
                backlog.passed(),
                backlog.calls(),
                backlog.reclaimed(),
                bytes(source, dead, keys),
                SweepCost.of(
                        keys, source.identity().flavour(), source.identity().version()));
    }

    /** What cursors end in; unknown only where every database is small enough to be passed as a whole. */
    private static LowBits lowBits(EstimateSource source, Keyspace keyspace) {
        LowBits lowBits = source.lowBits();
        boolean small = keyspace.keys().values().stream().allMatch(keys -> keys < CursorProbe.MIN_KEYS);
        if (lowBits == LowBits.UNKNOWN && !(small && source.clusterEnabled())) {
            throw new EstimateRefusedException(
                    Reason.SAMPLE_NEEDS_KNOWN_CURSORS,
                    source.nodeId()
                            + " is of an unknown kind, so that its cursors do not tell how much a sample covers;"
                            + " only an exact count on a replica is possible");
        }
        return lowBits;
    }

    private Backlog sample(EstimateSource source, LowBits lowBits, int db, long budget) throws InterruptedException {
        long keys = source.select(db);
        boolean whole = lowBits == LowBits.UNKNOWN
                || keys < (source.replica() ? wholeOnReplicaBelow(lowBits) : TableSample.WHOLE_BELOW);
        if (whole) {
            return FullPass.of(source, db);
        }
        return lowBits == LowBits.SLOT
                ? SlotSample.of(source, source.keysBySlot(), seeds.nextLong(), budget)
                : TableSample.of(source, keys, seeds.nextLong(), budget);
    }

    private static int wholeOnReplicaBelow(LowBits lowBits) {
        return lowBits == LowBits.SLOT ? SlotSample.WHOLE_ON_REPLICA_BELOW : TableSample.WHOLE_ON_REPLICA_BELOW;
    }

    private static Estimate.Method method(EstimateRequest request, EstimateSource source) {
        if (!source.replica()) {
            return Estimate.Method.PRIMARY_SAMPLE;
        }
        return request.exact() ? Estimate.Method.REPLICA_PASS : Estimate.Method.REPLICA_SAMPLE;
    }

    private static @Nullable Long bytes(EstimateSource source, long dead, long keys) {
        var dataset = source.info().number("used_memory_dataset");
        return dataset.isEmpty() || keys == 0 ? null : Math.round(dataset.getAsLong() * (dead / (double) keys));
    }

    @Override
    public void close() {
        connector.close();
    }
}
