package io.keysweep.engine.estimate;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.Exchange;
import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.link.ServerErrors;
import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.link.UnexpectedReplyException;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.plan.LowBits;
import io.keysweep.engine.plan.ScanCursor;
import io.keysweep.engine.reclaim.MethodSelector;
import io.keysweep.engine.reclaim.ReclaimMethod;
import io.keysweep.engine.reclaim.StepOutcome;
import io.keysweep.engine.sweep.CursorProbe;
import io.keysweep.engine.sweep.Keyspace;
import io.keysweep.engine.sweep.LoadBalancerCheck;
import io.keysweep.engine.sweep.ProxyCheck;
import io.keysweep.engine.sweep.ServerIdentity;
import io.keysweep.engine.sweep.ServerSettings;
import io.keysweep.engine.sweep.ServerStatus;
import io.keysweep.engine.sweep.Sleeper;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Sends the commands of an estimate to one server, over a connection of its own and at a gentle pace.
 *
 * <p>An estimate finds out how many dead keys (expired keys that still hold memory) a server has. It reads INFO and
 * DBSIZE, and sends steps: SCAN calls by a reclaim method (a script, a transaction or a pipeline), which also counts
 * keys. A step removes dead keys on a primary, and only hides them on a replica. The role of the server is that from
 * when the connection was opened; {@link #refuseChangedRole} finds out whether it still is.
 *
 * <p>All methods that send commands throw {@link LinkBrokenException} if the connection breaks, {@link
 * UnexpectedReplyException} if a reply makes no sense, and {@link NodeRefusedException} if the server refuses a
 * command. {@link ReplicaFirstEstimator} translates the first two. Not thread-safe.
 */
final class EstimateSource implements SampledDatabase, AutoCloseable {

    /**
     * The time to wait per unit of busy time. An estimate takes about the same part of the server's main-thread time as
     * a sweep with the gentle profile: a quarter. So the wait is three times as long as the call.
     */
    private static final double WAIT_PER_BUSY = 1 / PacePolicy.GENTLE.shareCeiling() - 1;

    /**
     * The longest wait. A call of more than 67 ms, after which a longer wait would be due, was slow for another reason
     * than the load by the estimate, such as the network.
     */
    private static final Duration MAX_WAIT = Duration.ofMillis(200);

    /** The number of slots of a cluster, 16384. */
    private static final int SLOTS = 1 << ScanCursor.SLOT_BITS;

    /**
     * The number of CLUSTER COUNTKEYSINSLOT commands in one write; few, so that the server serves other clients in
     * between.
     */
    private static final int SLOTS_PER_CALL = 256;

    private final String nodeId;
    private final NodeLink link;
    private final ServerErrors errors;
    private final Sleeper sleeper;
    private final ServerInfo info;
    private final EstimateSteps steps;

    private EstimateSource(String nodeId, NodeLink link, ServerErrors errors, Sleeper sleeper, ServerInfo info) {
        this.nodeId = nodeId;
        this.link = link;
        this.errors = errors;
        this.sleeper = sleeper;
        this.info = info;
        this.steps = new EstimateSteps(nodeId, link, errors, info, this::waitAfter);
    }

    /**
     * Connects to a server and reads INFO. The caller must close the result.
     *
     * @throws NodeRefusedException if the server cannot be connected to, refuses INFO, or cannot be estimated at
     *     present: it is a Sentinel, is too old, is loading its data, or is a replica without a link to its primary
     */
    static EstimateSource open(NodeConnector connector, NodeAddress address, Access access, Sleeper sleeper) {
        String nodeId = address.toString();
        ServerErrors errors = new ServerErrors(nodeId, access.credentials());
        NodeLink link = connector.open(address, access);
        boolean succeeded = false;
        try {
            ServerInfo info = ServerInfo.read(link, errors, MethodSelector.neededCommands());
            EstimateSource source = new EstimateSource(nodeId, link, errors, sleeper, info);
            source.refuseUnusable();
            succeeded = true;
            return source;
        } catch (LinkBrokenException e) {
            throw errors.broken(e);
        } catch (UnexpectedReplyException e) {
            throw errors.unexpected(e);
        } finally {
            if (!succeeded) {
                link.close();
            }
        }
    }

    /**
     * Refuses a server that holds no keys, that Keysweep does not support, or whose data is incomplete or out of date.
     */
    private void refuseUnusable() {
        if (info.is("redis_mode", "sentinel")) {
            throw refused(Reason.NOT_REDIS, "is a Sentinel, which holds no keys; use the address of the primary");
        }
        if (identity().tooOld()) {
            throw refused(
                    Reason.TOO_OLD,
                    "runs Redis " + identity().version() + ", must be 4.0 or newer; upgrade the server");
        }
        Optional<NodeRefusedException> loading = new ServerStatus(info).loading(nodeId);
        if (loading.isPresent()) {
            throw loading.get();
        }
        if (replica() && !info.is("master_link_status", "up")) {
            throw refused(
                    Reason.REPLICA_WITHOUT_PRIMARY,
                    "is a replica without a link to its primary, so its data is out of date; use another replica or the"
                            + " primary");
        }
    }

    /**
     * Refuses a load balancer, and a proxy that sends commands to different servers: nobody could say which part of the
     * keys a sample covers. Opens further connections to find a load balancer.
     *
     * @throws NodeRefusedException if connections to the address, or the commands of this connection, reach several
     *     servers
     */
    void refuseSeveralServers(NodeConnector connector, NodeAddress address, Access access) {
        ProxyCheck.SplitView split = new ProxyCheck(link, errors).check(info, /* method= */ null);
        if (split != null) {
            throw refused(
                    Reason.NOT_COVERABLE,
                    "is a proxy over several servers (" + split.why()
                            + "), so nobody knows which part of the keys a sample covers; estimate each server by its"
                            + " own address");
        }
        new LoadBalancerCheck(connector, address, access)
                .refuseSeveral(info.text("run_id").orElse(""));
    }

    /** Returns the server's address, for example {@code 127.0.0.1:6379}. */
    String nodeId() {
        return nodeId;
    }

    /** Returns the exception for a scan that never ends; {@code why} says what shows it, as part of a sentence. */
    NodeRefusedException endless(String why) {
        return refused(Reason.NOT_COVERABLE, "never ends a SCAN: " + why);
    }

    /** Returns whether steps count the keys that SCAN returns, see {@link ReclaimMethod#countsLiveKeys}. */
    boolean countsLiveKeys() {
        return steps.method().countsLiveKeys();
    }

    /** Returns the reply of INFO from when the connection was opened. */
    ServerInfo info() {
        return info;
    }

    ServerIdentity identity() {
        return ServerIdentity.of(info);
    }

    /** Returns the number of keys and of keys with a TTL in each database, as INFO reported at the start. */
    Keyspace keyspace() {
        return Keyspace.of(info);
    }

    @Override
    public boolean replica() {
        return ServerStatus.isReplica(info);
    }

    /**
     * Returns what the low bits of the server's SCAN cursors represent; sends some SCANs to a server in cluster mode.
     */
    LowBits lowBits() {
        return new CursorProbe(link)
                .lowBits(identity().flavour(), clusterEnabled(), keyspace().keys());
    }

    /** Returns whether the server runs in cluster mode. */
    boolean clusterEnabled() {
        return info.is("cluster_enabled", "1");
    }

    /**
     * Returns the number of keys in each slot of the server, including dead keys; the index is the slot. Sends one
     * command for each of the 16384 slots, in 64 writes with waits in between.
     *
     * @throws NodeRefusedException if the user may not run CLUSTER COUNTKEYSINSLOT
     */
    long[] keysBySlot() throws InterruptedException {
        long[] keys = new long[SLOTS];
        for (int firstSlot = 0; firstSlot < SLOTS; firstSlot += SLOTS_PER_CALL) {
            List<Command> commands = IntStream.range(firstSlot, Math.min(SLOTS, firstSlot + SLOTS_PER_CALL))
                    .mapToObj(slot -> Command.of("CLUSTER", "COUNTKEYSINSLOT", Integer.toString(slot)))
                    .toList();
            Exchange exchange = link.call(commands);
            for (int i = 0; i < commands.size(); i++) {
                Reply reply = exchange.replies().get(i);
                if (reply instanceof Reply.Failure failure) {
                    throw errors.of("CLUSTER", failure, List.of("cluster|countkeysinslot"));
                }
                keys[firstSlot + i] = reply.number();
            }
            waitAfter(exchange.roundTrip());
        }
        return keys;
    }

    @Override
    public boolean freesOnMainThread() {
        // A scan removes nothing on a replica, so nothing is freed there.
        return !replica() && !ServerSettings.read(link).lazyFree();
    }

    /** Selects the database for the following calls, and returns the number of keys in it, including dead keys. */
    long selectAndCount(int db) {
        if (link.call("SELECT", Integer.toString(db)) instanceof Reply.Failure failure) {
            throw errors.ofDatabase(db, failure, MethodSelector.neededCommands());
        }
        return callOrRefuse("DBSIZE").number();
    }

    @Override
    public StepOutcome scan(long cursor, int count) throws InterruptedException {
        StepOutcome outcome = steps.make(cursor, count);
        if (replica() && steps.method().atomic() && outcome.reclaimed() > 0) {
            // A replica removes nothing, so it may be none any more, and the scan would go on removing keys.
            refuseChangedRole();
        }
        return outcome;
    }

    /** Makes the following scans read the keys that they return. Call it before the first scan. */
    void readKeys(ReadingPlan plan) {
        steps.readKeys(plan);
    }

    /** Returns what reads keys, also after it was refused; null if nothing is to be read, or before the first scan. */
    @Nullable KeyReader reader() {
        return steps.reader();
    }

    @Override
    public KeyTally takeTally() {
        return steps.takeTally();
    }

    /** Reads INFO again. */
    ServerInfo infoNow() {
        return ServerInfo.read(link, errors, MethodSelector.neededCommands());
    }

    /** Reads the settings of the server's own expiry. */
    ServerSettings expirySettings() {
        return ServerSettings.read(link, List.of(ServerSettings.HZ, ServerSettings.EFFORT));
    }

    /** Refuses a server whose role a failover has changed since the connection was opened, see {@link RoleCheck}. */
    void refuseChangedRole() {
        new RoleCheck(link, errors, info).refuseChange();
    }

    /**
     * Chooses the method that sends steps, if that has not been done.
     *
     * @throws NodeRefusedException if the server allows none
     */
    void requireMethod() {
        steps.chooseMethod();
    }

    /**
     * Waits three times as long as a call took, at most {@link #MAX_WAIT}, so that the estimate takes a quarter of the
     * server's time.
     */
    private void waitAfter(Duration busy) throws InterruptedException {
        Duration wait = Duration.ofNanos((long) (busy.toNanos() * WAIT_PER_BUSY));
        sleeper.sleep(wait.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : wait);
    }

    /** Keeps key names on the server: a server that refuses scripts is then refused. Call it before the first scan. */
    void keepNames() {
        steps.keepNames();
    }

    /** Sends a command and returns its reply; throws the exception that explains an error reply. */
    private Reply callOrRefuse(String... command) {
        Reply reply = link.call(command);
        if (reply instanceof Reply.Failure failure) {
            throw errors.of(command[0], failure, MethodSelector.neededCommands());
        }
        return reply;
    }

    /** Returns the exception for this server; {@code what} is the rest of a sentence that begins with the server. */
    private NodeRefusedException refused(Reason reason, String what) {
        return new NodeRefusedException(nodeId, reason, nodeId + " " + what);
    }

    @Override
    public void close() {
        link.close();
    }
}
