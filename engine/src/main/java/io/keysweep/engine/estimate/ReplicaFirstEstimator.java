package io.keysweep.engine.estimate;

import io.keysweep.engine.discovery.Discovery;
import io.keysweep.engine.discovery.Primary;
import io.keysweep.engine.discovery.Topology;
import io.keysweep.engine.estimate.EstimateRefusedException.Reason;
import io.keysweep.engine.insight.KeyCount;
import io.keysweep.engine.insight.PictureRequest;
import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.link.ServerErrors;
import io.keysweep.engine.link.UnexpectedReplyException;
import io.keysweep.engine.plan.LowBits;
import io.keysweep.engine.reclaim.ServerProfile.Flavour;
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

/**
 * Estimates the number of dead keys (the backlog), if possible on a replica, where a scan removes nothing.
 *
 * <p>Dead keys are expired keys that still use memory. A scan of a replica hides them but does not remove them. The
 * estimate comes from a sample with an interval, or on request from an exact count, which scans all keys. The primary
 * is sampled only if no replica can be read and the request allows it, since a scan there removes dead keys. Small
 * databases are scanned completely. Thread-safe.
 */
public final class ReplicaFirstEstimator implements BacklogEstimator {

    /**
     * The approximate maximum number of SCAN calls for a sample of one server. They take some tens of seconds at the
     * gentle pace. Complete scans are not limited.
     */
    private static final long MAX_CALLS = 4_000;

    /** The number of SCAN calls that every database may take, even if it holds a small part of the keys. */
    private static final long MIN_CALLS_PER_DATABASE = 32;

    private final NodeConnector connector;
    private final Timing timing;
    private final RandomGenerator seeds;

    /**
     * Creates an estimator.
     *
     * @param connector opens links to servers; the estimator closes the connector when the estimator is closed
     * @param timing provides the waits between calls
     * @param seeds creates the seeds that decide which keys a sample visits; must be thread-safe
     */
    public ReplicaFirstEstimator(NodeConnector connector, Timing timing, RandomGenerator seeds) {
        this.connector = connector;
        this.timing = timing;
        this.seeds = seeds;
    }

    @Override
    public DeploymentEstimate estimateEach(EstimateRequest request) throws InterruptedException {
        PictureRequest picture = request.picture();
        // The forecasts of all primaries have the same periods, so that they can be added up.
        ReadingPlan plan = picture == null ? null : ReadingPlan.of(picture, timing.clock());
        List<Estimate> estimates = new ArrayList<>();
        List<RuntimeException> failures = new ArrayList<>();

        Topology topology = Discovery.of(connector, request.deployment()).discover();
        for (Primary primary : topology.primaries()) {
            try {
                estimates.add(estimatePrimary(request, primary, plan));
            } catch (NodeRefusedException | EstimateRefusedException e) {
                failures.add(e);
            }
        }
        NodeRefusedException unassignedSlotsRefusal = topology.refusalOfUnassigned();
        if (unassignedSlotsRefusal != null) {
            failures.add(unassignedSlotsRefusal);
        }

        DeploymentEstimate result = new DeploymentEstimate(estimates, failures);
        // A partial result makes sense only in a cluster: other deployments have one primary. If no primary was
        // estimated and the user must change the request, complete() throws the exception that says so.
        boolean mayBePartial = request.deployment() instanceof Deployment.Cluster
                && !(estimates.isEmpty() && failures.stream().anyMatch(EstimateRefusedException.class::isInstance));
        return mayBePartial ? result : new DeploymentEstimate(result.complete(), List.of());
    }

    /**
     * Estimates the dead keys of one primary.
     *
     * @throws NodeRefusedException if the primary cannot be connected to, or the server to scan cannot be read
     * @throws EstimateRefusedException if the estimate would remove keys without permission, or is impossible by the
     *     requested method
     */
    private Estimate estimatePrimary(EstimateRequest request, Primary primary, @Nullable ReadingPlan plan)
            throws InterruptedException {
        Deployment deployment = request.deployment();
        NodeAddress address = primary.address();
        try (EstimateSource requestedServer =
                EstimateSource.open(connector, address, deployment.access(), timing.sleeper())) {
            // The primary is opened even if a replica is read: INFO of the primary lists the replicas.
            requestedServer.refuseSeveralServers(connector, address, deployment.access());
            return estimateOnReplicaIfPossible(request, requestedServer, primary, plan);
        } catch (LinkBrokenException e) {
            throw serverErrors(address, deployment).broken(e);
        } catch (UnexpectedReplyException e) {
            throw serverErrors(address, deployment).unexpected(e);
        }
    }

    /** Makes the estimate on a replica if one can be read, or otherwise on the requested server. */
    private Estimate estimateOnReplicaIfPossible(
            EstimateRequest request, EstimateSource requestedServer, Primary primary, @Nullable ReadingPlan plan)
            throws InterruptedException {
        try (EstimateSource replica = requestedServer.isReplica()
                ? null
                : ReplicaFinder.firstReadable(
                        connector,
                        requestedServer,
                        primary.replicas(),
                        request.deployment(),
                        /* mayDoWithout= */ request.samplePrimary() && !request.exact(),
                        timing.sleeper())) {
            EstimateSource source = replica == null ? requestedServer : replica;
            refuseUnpermittedRemoval(request, source);
            if (request.namesStay()) {
                source.keepNames();
            }
            try (ExpiredNames names = ExpiredNames.of(request, connector, requestedServer, primary.address(), source)) {
                PictureSource picture =
                        plan == null ? null : new PictureSource(plan, requestedServer, source, timing, names);
                try {
                    return estimateFrom(request, requestedServer.nodeId(), source, picture);
                } catch (LinkBrokenException e) {
                    // The exception names the server that is scanned, which may be a replica of the primary.
                    throw source.brokenLinkRefusal(e);
                } catch (UnexpectedReplyException e) {
                    throw source.unexpectedReplyRefusal(e);
                }
            }
        }
    }

    /** Returns the translator of a node's errors into exceptions for the user. */
    private static ServerErrors serverErrors(NodeAddress address, Deployment deployment) {
        return new ServerErrors(address.toString(), deployment.access().credentials());
    }

    /**
     * Refuses to scan a primary, because a scan there removes dead keys, unless the request allows a sample of the
     * primary. Throws {@link EstimateRefusedException} if the request forbids it or is for an exact count.
     */
    private static void refuseUnpermittedRemoval(EstimateRequest request, EstimateSource source) {
        String nodeId = source.nodeId();
        if (request.exact() && !source.isReplica()) {
            throw new EstimateRefusedException(
                    nodeId,
                    Reason.EXACT_NEEDS_REPLICA,
                    nodeId + " has no replica that Keysweep can read, and an exact count requires one: on a primary, a"
                            + " scan of all keys is a sweep");
        }
        if (!source.isReplica() && !request.samplePrimary()) {
            throw new EstimateRefusedException(
                    nodeId,
                    Reason.PRIMARY_SAMPLE_NOT_ALLOWED,
                    nodeId + " is a primary without a replica that Keysweep can read; a sample of the primary reclaims"
                            + " the dead keys in it, so it must be allowed explicitly");
        }
    }

    /**
     * Scans one server, and returns its estimate.
     *
     * @param nodeId the server of the request
     * @param source the server to scan: the server of the request, or a replica of it
     * @param picture makes a picture of the keys that the scan reads; null if no picture was requested
     */
    private Estimate estimateFrom(
            EstimateRequest request, String nodeId, EstimateSource source, @Nullable PictureSource picture)
            throws InterruptedException {
        Keyspace keyspace = source.keyspace();
        long keys = keyspace.totalKeys();
        long volatileKeys = keyspace.totalExpires();
        Backlog backlog = scanDatabases(request.exact(), source, keyspace);
        source.refuseChangedRole();
        // Only keys with a TTL can be dead. By chance, a sample can yield less than 0 or more than their number.
        KeyCount dead = deadKeys(source, backlog, keyspace).roundToKeys(volatileKeys);

        Estimate estimate = new Estimate(
                nodeId,
                source.nodeId(),
                method(request, source),
                source.identity().flavour(),
                source.identity().version(),
                keys,
                volatileKeys,
                dead.keys(),
                dead.lowest(),
                dead.highest(),
                request.exact() && backlog.halfWidth() == 0,
                backlog.coveredKeys(),
                backlog.calls(),
                backlog.reclaimed(),
                keyspace.expirableHashes(),
                estimateBytes(source, dead.keys(), keys),
                SweepCost.of(
                        keys, source.identity().flavour(), source.identity().version()),
                picture == null ? null : picture.insight(backlog, dead, keyspace),
                /* advice= */ null);
        return picture == null ? estimate : estimate.with(picture.advice(estimate));
    }

    /**
     * Returns the number of dead keys with its error. If a primary may hide dead keys and has removed none, the number
     * of hidden keys is unknown. Then all keys that SCAN has passed over may be dead, so they widen the interval.
     *
     * @throws NodeRefusedException if SCAN has passed over so many keys that the server hides dead ones
     */
    private static Amount deadKeys(EstimateSource source, Backlog backlog, Keyspace keyspace) {
        Amount countedKeys = new Amount(backlog.dead(), backlog.halfWidth());
        if (!source.mayHideKeys() || backlog.reclaimed() > 0 || keyspace.totalExpires() == 0) {
            return countedKeys;
        }
        Amount missingKeys = backlog.missing();
        // Twice the half width of the 95 % interval and two standard deviations are hardly ever exceeded by chance. 10
        // more are tolerated for small databases, since others may write during the scan.
        double toleratedKeys = 2 * missingKeys.halfWidth() + 2 * Math.sqrt((double) keyspace.totalKeys()) + 10;
        if (missingKeys.value() > toleratedKeys) {
            throw source.hiddenKeysRefusal(Math.round(missingKeys.value()), keyspace.totalKeys());
        }
        return new Amount(
                countedKeys.value(),
                Math.max(countedKeys.halfWidth(), Math.max(0, missingKeys.value()) + missingKeys.halfWidth()));
    }

    /** Counts or samples the dead keys of all databases, and returns the sum. */
    private Backlog scanDatabases(boolean exact, EstimateSource source, Keyspace keyspace) throws InterruptedException {
        LowBits lowBits = exact ? LowBits.UNKNOWN : lowBits(source, keyspace);
        Backlog backlog = Backlog.NONE;
        for (var database : keyspace.keys().entrySet()) {
            // The limit of SCAN calls is divided among the databases in proportion to their keys.
            double partOfKeys = database.getValue() / (double) keyspace.totalKeys();
            long maxCalls = Math.max(MIN_CALLS_PER_DATABASE, Math.round(MAX_CALLS * partOfKeys));
            Backlog databaseBacklog = exact
                    ? FullScan.of(source, database.getKey())
                    : sampleDatabase(source, lowBits, database.getKey(), maxCalls);
            boolean hasTtls = keyspace.expires().getOrDefault(database.getKey(), 1L) > 0;
            backlog = backlog.plus(hasTtls ? databaseBacklog : databaseBacklog.withoutDead());
        }
        return backlog;
    }

    /**
     * Returns the meaning of the low bits of SCAN cursors: a slot of a cluster, or a position in one table. A sample
     * needs it to choose random positions. The result is unknown only in cluster mode, if every database is small
     * enough to be scanned completely.
     *
     * @throws EstimateRefusedException if a sample is necessary but the cursors are of an unknown kind
     * @throws NodeRefusedException if the user is not allowed to run SCAN
     */
    private static LowBits lowBits(EstimateSource source, Keyspace keyspace) {
        LowBits lowBits = source.lowBits();
        // In cluster mode, the meaning is found by SCAN calls, which need a database with enough keys.
        boolean allDatabasesSmall = keyspace.keys().values().stream().allMatch(keys -> keys < CursorProbe.MIN_KEYS);
        if (lowBits == LowBits.UNKNOWN && !(allDatabasesSmall && source.clusterEnabled())) {
            // If the user is not allowed to run SCAN, this call throws an exception that says so. It explains more than
            // the exception below.
            source.chooseMethod();
            throw new EstimateRefusedException(
                    source.nodeId(),
                    Reason.SAMPLE_NEEDS_KNOWN_CURSORS,
                    source.nodeId()
                            + (source.identity().flavour() == Flavour.UNKNOWN
                                    ? " is neither Redis, Valkey nor Redict, so its cursors do not show"
                                    : " answers SCAN with cursors that fit no known kind of table, which do not show")
                            + " how much a sample covers; only an exact count on a replica is possible");
        }
        return lowBits;
    }

    /** Samples one database, or scans it completely if it is small. */
    private Backlog sampleDatabase(EstimateSource source, LowBits lowBits, int db, long maxCalls)
            throws InterruptedException {
        long keys = source.selectAndCount(db);
        boolean scanCompletely = lowBits == LowBits.UNKNOWN
                || keys < (source.isReplica() ? minKeysOnReplica(lowBits) : TableSample.MIN_KEYS);
        if (scanCompletely) {
            return FullScan.of(source, db);
        }
        Backlog sample = lowBits == LowBits.SLOT
                ? SlotSample.of(source, source.keysBySlot(), seeds.nextLong(), maxCalls)
                : TableSample.of(source, keys, seeds.nextLong(), maxCalls);
        return source.isReplica() ? sample.changedBy(source.selectAndCount(db) - keys) : sample;
    }

    /** Returns the number of keys below which a database of a replica is scanned completely. */
    private static int minKeysOnReplica(LowBits lowBits) {
        return lowBits == LowBits.SLOT ? SlotSample.MIN_KEYS_ON_REPLICA : TableSample.MIN_KEYS_ON_REPLICA;
    }

    /**
     * Returns how the number of dead keys is determined; this follows from the request and the role of the server that
     * is read.
     */
    private static Estimate.Method method(EstimateRequest request, EstimateSource source) {
        if (!source.isReplica()) {
            return Estimate.Method.PRIMARY_SAMPLE;
        }
        return request.exact() ? Estimate.Method.REPLICA_PASS : Estimate.Method.REPLICA_SAMPLE;
    }

    /**
     * Returns the bytes that the dead keys use: 0 if no key is dead, null if the server does not report the memory of
     * keys. INFO reports only the memory of all keys, so dead keys are assumed to be of average size.
     */
    private static @Nullable Long estimateBytes(EstimateSource source, long dead, long keys) {
        if (dead == 0 || keys == 0) {
            return 0L;
        }
        var dataset = source.info().number("used_memory_dataset");
        return dataset.isEmpty() ? null : Math.round(dataset.getAsLong() * (dead / (double) keys));
    }

    /** Closes the connector. No call may be running. */
    @Override
    public void close() {
        connector.close();
    }
}
