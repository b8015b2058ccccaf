package io.keysweep.engine.estimate;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.link.ServerErrors;
import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.link.UnexpectedReplyException;
import io.keysweep.engine.plan.LowBits;
import io.keysweep.engine.reclaim.MethodSelector;
import io.keysweep.engine.reclaim.ReclaimMethod;
import io.keysweep.engine.reclaim.StepOutcome;
import io.keysweep.engine.sweep.CursorProbe;
import io.keysweep.engine.sweep.Keyspace;
import io.keysweep.engine.sweep.ServerIdentity;
import io.keysweep.engine.sweep.ServerSettings;
import io.keysweep.engine.sweep.ServerStatus;
import io.keysweep.engine.sweep.Sleeper;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Represents the server that an estimate reads, and sends commands to it over one connection at a gentle pace.
 *
 * <p>An estimate determines how many dead keys (expired keys that still hold memory) a server has. It reads INFO and
 * DBSIZE, and makes steps: SCAN calls that also count keys, see {@link EstimateSteps}. A step removes dead keys on a
 * primary, and only hides them on a replica. INFO, with the role of the server, is read once, when the connection is
 * opened; {@link #refuseChangedRole} checks whether the role is still the same.
 *
 * <p>All methods that send commands throw {@link LinkBrokenException} if the connection breaks, {@link
 * UnexpectedReplyException} if a reply makes no sense, and {@link NodeRefusedException} if the server refuses a
 * command. {@link ReplicaFirstEstimator} translates the first two. Not thread-safe.
 */
final class EstimateSource implements SampledDatabase, AutoCloseable {

    private final String nodeId;
    private final NodeLink link;
    private final ServerErrors errors;
    private final LoadPause pause;
    private final ServerInfo info;
    private final EstimateSteps steps;

    private EstimateSource(String nodeId, NodeLink link, ServerErrors errors, LoadPause pause, ServerInfo info) {
        this.nodeId = nodeId;
        this.link = link;
        this.errors = errors;
        this.pause = pause;
        this.info = info;
        this.steps = new EstimateSteps(nodeId, link, errors, info, pause);
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
            new SourceCheck(link, errors, info).refuseUnusable();
            EstimateSource source = new EstimateSource(nodeId, link, errors, new GentlePause(sleeper), info);
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
     * Refuses a load balancer, and a proxy that sends commands to different servers.
     *
     * @throws NodeRefusedException if several servers answer, see {@link SourceCheck#refuseSeveralServers}
     */
    void refuseSeveralServers(NodeConnector connector, NodeAddress address, Access access) {
        new SourceCheck(link, errors, info).refuseSeveralServers(connector, address, access);
    }

    /** Returns the server's address, for example {@code 127.0.0.1:6379}. */
    String nodeId() {
        return nodeId;
    }

    /** Returns the exception for a scan that never ends; the message contains {@code evidence}. */
    NodeRefusedException endlessScanRefusal(String evidence) {
        return new NodeRefusedException(nodeId, Reason.NOT_COVERABLE, nodeId + " never ends a SCAN: " + evidence);
    }

    /** Returns the exception for a broken connection to this server. */
    NodeRefusedException brokenLinkRefusal(LinkBrokenException e) {
        return errors.broken(e);
    }

    /** Returns the exception for a reply of this server that makes no sense. */
    NodeRefusedException unexpectedReplyRefusal(UnexpectedReplyException e) {
        return errors.unexpected(e);
    }

    /** Returns whether steps count the keys that SCAN returns, see {@link ReclaimMethod#countsLiveKeys}. */
    boolean countsLiveKeys() {
        return steps.method().countsLiveKeys();
    }

    /**
     * Returns the exception for a primary that hides dead keys, so that a sample cannot show how many there are.
     *
     * @param missing about how many keys SCAN has neither returned nor removed
     * @param keys the number of keys by DBSIZE
     */
    NodeRefusedException hiddenKeysRefusal(long missing, long keys) {
        return new NodeRefusedException(
                nodeId,
                Reason.NOT_RECLAIMING,
                String.format(
                        Locale.ROOT,
                        "%s seems to hide expired keys instead of removing them, so nobody knows how many there are:"
                                + " SCAN does not return about %,d of %,d keys, and has removed none. It refuses CONFIG"
                                + " GET, so check its settings: import-mode must not be yes, and"
                                + " lazyexpire-nested-arbitrary-keys not no",
                        nodeId,
                        missing,
                        keys));
    }

    /** Returns whether the server may hide dead keys, see {@link EstimateSteps#mayHideKeys}. */
    boolean mayHideKeys() {
        return steps.mayHideKeys();
    }

    /** Returns the reply to INFO that was read when the connection was opened. */
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
    public boolean isReplica() {
        return ServerStatus.isReplica(info);
    }

    /**
     * Returns the meaning of the low bits of the server's SCAN cursors. Sends some SCANs to a server in cluster mode.
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
     * Returns the number of keys in each slot of the server, see {@link SlotKeyCounts#read}.
     *
     * @throws NodeRefusedException if the user is not allowed to run CLUSTER COUNTKEYSINSLOT
     */
    long[] keysBySlot() throws InterruptedException {
        return new SlotKeyCounts(link, errors, pause).read();
    }

    @Override
    public boolean freesOnMainThread() {
        // On a replica, a scan removes no keys, so no values are freed.
        return !isReplica() && !ServerSettings.read(link).lazyFree();
    }

    /** Selects the database for the following calls, and returns the number of keys in it, including dead keys. */
    long selectAndCount(int db) {
        // A user who is not allowed to run SELECT can still read a server that holds keys in database 0 alone.
        boolean usesOnlyDatabaseZero = keyspace().keys().keySet().stream().allMatch(other -> other == 0);
        if (!usesOnlyDatabaseZero && link.call("SELECT", Integer.toString(db)) instanceof Reply.Failure failure) {
            throw errors.ofDatabase(db, failure, MethodSelector.neededCommands());
        }
        return callOrRefuse("DBSIZE").number();
    }

    @Override
    public StepOutcome scan(long cursor, int count) throws InterruptedException {
        StepOutcome outcome = steps.make(cursor, count);
        if (isReplica() && steps.method().atomic() && outcome.reclaimed() > 0) {
            // A replica removes nothing, so this server may have become a primary. Further scans would remove keys.
            refuseChangedRole();
        }
        return outcome;
    }

    /**
     * Makes every following scan also read TTL, type and size of the keys that it returns, as the plan says. Call it
     * before the first scan.
     *
     * @param names counts the names of dead keys that are removed meanwhile; null if no prefixes were requested
     */
    void readKeys(ReadingPlan plan, @Nullable ExpiredNames names) {
        steps.readKeys(plan, names);
    }

    /** Returns the reader of keys, see {@link EstimateSteps#reader}. */
    @Nullable KeyReader reader() {
        return steps.reader();
    }

    @Override
    public KeyTally takeTally() {
        return steps.takeTally();
    }

    /** Returns the server's clock (TIME), in seconds since 1970; empty if the user is not allowed to read it. */
    OptionalLong clockSeconds() {
        return link.call("TIME") instanceof Reply.Items time
                ? OptionalLong.of(time.items(1).getFirst().unsigned())
                : OptionalLong.empty();
    }

    /** Reads INFO again and returns the reply; {@link #info} returns the first reply. */
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
     * Chooses the method that makes steps, unless it has been chosen.
     *
     * @throws NodeRefusedException if the server allows no method
     */
    void chooseMethod() {
        steps.chooseMethod();
    }

    /** Keeps key names on the server. A server that refuses scripts is then refused. Call it before the first scan. */
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

    @Override
    public void close() {
        link.close();
    }
}
