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
 * Inspects a server through a new connection: finds out what it is and whether it can be swept, without touching a key.
 */
final class ServerInspector {

    private final NodeLink link;
    private final String nodeId;
    private final ServerErrors errors;
    private final boolean skipDeniedDatabases;

    /** @param skipDeniedDatabases whether databases that the user may not access are left out, or refuse the server */
    ServerInspector(NodeLink link, String nodeId, Credentials credentials, boolean skipDeniedDatabases) {
        this.link = link;
        this.nodeId = nodeId;
        this.errors = new ServerErrors(nodeId, credentials);
        this.skipDeniedDatabases = skipDeniedDatabases;
    }

    /**
     * Inspects the server, and chooses a reclaim method.
     *
     * @param names whether key names may leave the server
     * @throws NodeRefusedException if the server cannot be swept; the message says why and what to do
     */
    ServerInspection inspect(KeyNames names) {
        // Read first, so that a swap of databases during the inspection raises the count and is found later.
        ServerInfo commandStats = SwapWatch.readCommandStats(link);
        long swaps = SwapWatch.swapCount(commandStats);
        ServerInfo info = ServerInfo.read(link, errors, MethodSelector.neededCommands());
        ServerIdentity identity = ServerIdentity.of(info);
        ServerStatus status = new ServerStatus(info.with(commandStats));
        refuseUnfit(info, identity);
        // A replica that has lost its primary answers MASTERDOWN here. That error helps the user more than the bare
        // fact that the server is a replica.
        if (info.is("role", "slave") && link.call("DBSIZE") instanceof Reply.Failure failure) {
            throw errors.of("DBSIZE", failure, MethodSelector.neededCommands());
        }
        Optional<NodeRefusedException> refusal = status.refusal(nodeId);
        if (refusal.isPresent()) {
            throw refusal.get();
        }
        status.obstacle().ifPresent(obstacle -> {
            throw refused(Reason.NOT_RECLAIMING, "reclaims nothing at present: " + obstacle + "; try again later");
        });
        return inspectFit(info, identity, status, names, swaps);
    }

    private ServerInspection inspectFit(
            ServerInfo info, ServerIdentity identity, ServerStatus status, KeyNames names, long swaps) {
        ServerSettings settings = ServerSettings.read(link);
        if (settings.importMode()) {
            throw refused(
                    Reason.NOT_RECLAIMING,
                    "is in import mode and expires nothing; end the import with: CONFIG SET import-mode no");
        }
        Keyspace keyspace = Keyspace.of(info);
        SortedSet<Integer> permitted = new DatabaseAccess(link, errors).permitted(keyspace, skipDeniedDatabases);
        SortedSet<Integer> skipped = new TreeSet<>(keyspace.keys().keySet());
        skipped.removeAll(permitted);
        keyspace = keyspace.only(permitted);
        MethodChoice choice =
                chooseMethod(identity.flavour(), identity.version(), settings, names, /* proxyEvidence= */ null);
        ProxyCheck.SplitView split = new ProxyCheck(link, errors).check(info, choice.method());
        String proxyEvidence = split == null ? null : split.why();
        if (split != null) {
            keyspace = split.keyspace();
            choice = chooseMethod(identity.flavour(), identity.version(), settings, names, proxyEvidence);
        }
        ServerProfile profile = new ServerProfile(
                identity.flavour(),
                identity.version(),
                info.text("run_id").orElse(""),
                info.is("cluster_enabled", "1"),
                settings.lazyFree(),
                choice.method().label(),
                choice.reason());
        PrimarySummary summary = new PrimarySummary(
                nodeId,
                profile,
                keyspace.keys(),
                keyspace.expires(),
                info.number("used_memory").orElse(0),
                info.number("maxmemory").orElse(0),
                info.number("evicted_keys").orElse(0),
                Math.clamp(info.number("connected_slaves").orElse(0), 0, Integer.MAX_VALUE),
                skipped);
        // The bits of a proxyEvidence's cursors mean something else, so they are passed back as they are.
        LowBits lowBits = proxyEvidence != null
                ? LowBits.UNKNOWN
                : new CursorProbe(link).lowBits(profile.flavour(), profile.clusterEnabled(), keyspace.keys());
        return new ServerInspection(summary, choice.method(), status, lowBits, settings, swaps, proxyEvidence);
    }

    /**
     * Reads the server's settings and chooses a reclaim method again.
     *
     * @param inspection the inspection so far
     * @param names whether key names may leave the server
     * @return the inspection with the new settings and method
     * @throws NodeRefusedException if no method works
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

    private void refuseUnfit(ServerInfo info, ServerIdentity identity) {
        if (info.is("redis_mode", "sentinel")) {
            throw refused(Reason.NOT_REDIS, "is a Sentinel, which holds no keys; give the address of the primary");
        }
        if (identity.tooOld()) {
            throw refused(
                    Reason.TOO_OLD, "runs Redis " + identity.version() + ", must be 4.0 or newer; upgrade the server");
        }
    }

    private NodeRefusedException refused(Reason reason, String why) {
        return new NodeRefusedException(nodeId, reason, nodeId + " " + why);
    }
}
