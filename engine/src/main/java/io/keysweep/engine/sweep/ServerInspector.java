package io.keysweep.engine.sweep;

import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.link.ServerErrors;
import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.plan.LowBits;
import io.keysweep.engine.reclaim.KeyNames;
import io.keysweep.engine.reclaim.MethodChoice;
import io.keysweep.engine.reclaim.MethodSelector;
import io.keysweep.engine.reclaim.ServerProfile;
import io.keysweep.engine.topology.Credentials;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Inspects a server through a new connection, before a sweep sends its first step (a call that visits keys).
 *
 * <p>The inspection determines the product, whether the server can be swept, and the reclaim method (script,
 * transaction or pipeline). It neither reads nor changes a live key. Its SCAN calls match no key, but on some servers
 * they remove a few expired keys, see {@link CursorProbe}.
 */
final class ServerInspector {

    private final NodeLink link;
    private final String nodeId;
    private final ServerErrors errors;
    private final boolean skipDeniedDatabases;

    /**
     * Creates an inspector for the server at the other end of a link.
     *
     * @param nodeId the server's address, for messages
     * @param skipDeniedDatabases whether to leave out databases that the user is not allowed to access; if false, they
     *     make the inspection refuse the server
     */
    ServerInspector(NodeLink link, String nodeId, Credentials credentials, boolean skipDeniedDatabases) {
        this.link = link;
        this.nodeId = nodeId;
        this.errors = new ServerErrors(nodeId, credentials);
        this.skipDeniedDatabases = skipDeniedDatabases;
    }

    /**
     * Inspects the server, and chooses a reclaim method. Must be called first on the link, with database 0 selected.
     * Afterwards database 0 is still selected if only that database holds keys; otherwise any may be selected.
     *
     * @param names whether key names may leave the server
     * @throws NodeRefusedException if the server cannot be swept; the message says why and what to do
     * @throws io.keysweep.engine.link.LinkBrokenException if the connection breaks
     * @throws io.keysweep.engine.link.UnexpectedReplyException if a reply makes no sense
     */
    ServerInspection inspect(KeyNames names) {
        // The count of swaps is read first, so that a later check finds a swap of databases during the inspection.
        ServerInfo commandStats = SwapWatch.readCommandStats(link);
        long swaps = SwapWatch.swapCount(commandStats);
        ServerInfo info = ServerInfo.read(link, errors, MethodSelector.neededCommands());
        ServerIdentity identity = ServerIdentity.of(info);
        ServerStatus status = new ServerStatus(info.with(commandStats));
        refuseUnsweepable(info, identity);
        // A replica that has lost its primary answers MASTERDOWN here. That error helps the user more than the bare
        // fact that the server is a replica.
        if (ServerStatus.isReplica(info) && link.call("DBSIZE") instanceof Reply.Failure failure) {
            throw errors.of("DBSIZE", failure, MethodSelector.neededCommands());
        }
        Optional<NodeRefusedException> refusal = status.refusal(nodeId);
        if (refusal.isPresent()) {
            throw refusal.get();
        }
        status.obstacle().ifPresent(obstacle -> {
            throw refusal(Reason.NOT_RECLAIMING, "reclaims nothing at present: " + obstacle + "; try again later");
        });
        return inspectSweepable(info, identity, status, names, swaps);
    }

    /**
     * Inspects a primary that can reclaim at present. Determines its settings, the databases that the user may access,
     * the reclaim method, whether a proxy answers, and the meaning of the cursors.
     */
    private ServerInspection inspectSweepable(
            ServerInfo info, ServerIdentity identity, ServerStatus status, KeyNames names, long swaps) {
        ServerSettings settings = ServerSettings.read(link);
        if (settings.importMode()) {
            throw refusal(
                    Reason.NOT_RECLAIMING,
                    "is in import mode and expires nothing; end the import with: CONFIG SET import-mode no");
        }
        Keyspace keyspace = Keyspace.of(info);
        SortedSet<Integer> permittedDatabases =
                new DatabaseAccess(link, errors).selectPermitted(keyspace, skipDeniedDatabases);
        SortedSet<Integer> skippedDatabases = new TreeSet<>(keyspace.keys().keySet());
        skippedDatabases.removeAll(permittedDatabases);
        keyspace = keyspace.restrictedTo(permittedDatabases);
        // The check for a proxy also compares DBSIZE within a step, so the method for a single server is chosen first.
        MethodChoice choice =
                chooseMethod(identity.flavour(), identity.version(), settings, names, /* proxyEvidence= */ null);
        ProxyCheck.SplitView splitView = new ProxyCheck(link, errors).check(info, choice.method());
        String proxyEvidence = splitView == null ? null : splitView.why();
        if (splitView != null) {
            keyspace = splitView.keyspace();
            choice = chooseMethod(identity.flavour(), identity.version(), settings, names, proxyEvidence);
        }
        ServerProfile profile = profile(info, identity, settings, choice);
        PrimarySummary summary = summarize(info, profile, keyspace, skippedDatabases);
        // A proxy encodes its servers in the bits of its cursors, so a sweep does not interpret these bits.
        LowBits lowBits = proxyEvidence != null
                ? LowBits.UNKNOWN
                : new CursorProbe(link).lowBits(profile.flavour(), profile.clusterEnabled(), keyspace.keys());
        return new ServerInspection(summary, choice.method(), status, lowBits, settings, swaps, proxyEvidence);
    }

    /** Returns the kind of the server, and the reclaim method that was chosen for it. */
    private static ServerProfile profile(
            ServerInfo info, ServerIdentity identity, ServerSettings settings, MethodChoice choice) {
        return new ServerProfile(
                identity.flavour(),
                identity.version(),
                info.text("run_id").orElse(""),
                info.is("cluster_enabled", "1"),
                settings.lazyFree(),
                choice.method().label(),
                choice.reason());
    }

    /**
     * Returns the summary of the server that the user sees.
     *
     * @param skippedDatabases the databases that the user is not allowed to access, by number
     */
    private PrimarySummary summarize(
            ServerInfo info, ServerProfile profile, Keyspace keyspace, SortedSet<Integer> skippedDatabases) {
        return new PrimarySummary(
                nodeId,
                profile,
                keyspace.keys(),
                keyspace.expires(),
                info.number("used_memory").orElse(0),
                info.number("maxmemory").orElse(0),
                info.number("evicted_keys").orElse(0),
                Math.clamp(info.number("connected_slaves").orElse(0), 0, Integer.MAX_VALUE),
                skippedDatabases);
    }

    /**
     * Reads the server's settings and chooses a reclaim method again, during a sweep. No step may be in flight.
     *
     * @param inspection the inspection so far
     * @param names whether key names may leave the server
     * @return the inspection with the new settings and method
     * @throws NodeRefusedException if no method works
     * @throws io.keysweep.engine.link.LinkBrokenException if the connection breaks
     * @throws io.keysweep.engine.link.UnexpectedReplyException if a reply makes no sense
     */
    ServerInspection rechooseMethod(ServerInspection inspection, KeyNames names) {
        PrimarySummary summary = inspection.summary();
        ServerProfile profile = summary.profile();
        ServerSettings settings = ServerSettings.read(link);
        MethodChoice choice =
                chooseMethod(profile.flavour(), profile.version(), settings, names, inspection.proxyEvidence());
        return new ServerInspection(
                summary.withProfile(profile.with(choice)),
                choice.method(),
                inspection.status(),
                inspection.lowBits(),
                settings,
                inspection.swaps(),
                inspection.proxyEvidence());
    }

    /**
     * Chooses a reclaim method.
     *
     * @param proxyEvidence evidence that the address belongs to a proxy in front of several servers; null if there is
     *     none
     */
    private MethodChoice chooseMethod(
            ServerProfile.Flavour flavour,
            String version,
            ServerSettings settings,
            KeyNames names,
            @Nullable String proxyEvidence) {
        MethodSelector selector = new MethodSelector(link, errors, flavour, version);
        return proxyEvidence == null
                ? selector.choose(settings.nestedExpiry(), names)
                : selector.chooseForProxy(proxyEvidence, names);
    }

    /** Refuses servers that can never be swept in any state: a Sentinel, and Redis before 4.0. */
    private void refuseUnsweepable(ServerInfo info, ServerIdentity identity) {
        if (info.is("redis_mode", "sentinel")) {
            throw refusal(Reason.NOT_REDIS, "is a Sentinel, which holds no keys; give the address of the primary");
        }
        if (identity.tooOld()) {
            throw refusal(
                    Reason.TOO_OLD, "runs Redis " + identity.version() + ", must be 4.0 or newer; upgrade the server");
        }
    }

    private NodeRefusedException refusal(Reason reason, String predicate) {
        return new NodeRefusedException(nodeId, reason, nodeId + " " + predicate);
    }
}
