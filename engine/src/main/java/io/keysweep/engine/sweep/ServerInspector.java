package io.keysweep.engine.sweep;

import io.keysweep.engine.link.Command;
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
import java.util.List;
import java.util.Optional;

/** Inspects a server through a new link: finds out what it is and whether it can be swept, without touching a key. */
final class ServerInspector {

    private final NodeLink link;
    private final String nodeId;
    private final ServerErrors errors;

    ServerInspector(NodeLink link, String nodeId, Credentials credentials) {
        this.link = link;
        this.nodeId = nodeId;
        this.errors = new ServerErrors(nodeId, credentials);
    }

    /**
     * Inspects the server, and chooses a reclaim method.
     *
     * @param names whether key names may leave the server
     * @throws NodeRefusedException if the server cannot be swept; the message says why and what to do
     */
    ServerInspection inspect(KeyNames names) {
        // First, so that a swap during the inspection is noticed later.
        long swaps = SwapWatch.readSwapCount(link);
        ServerInfo info = ServerInfo.parse(require("INFO").text());
        ServerIdentity identity = ServerIdentity.of(info);
        ServerStatus status = new ServerStatus(info);
        refuseUnfit(info, identity);
        // A replica without its primary answers MASTERDOWN here, which says more than that it is a replica.
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
        refuseUnlessSelectable(keyspace);
        MethodChoice choice = chooseMethod(identity.flavour(), identity.version(), settings, names);
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
                info.number("evicted_keys").orElse(0));
        LowBits lowBits = new CursorProbe(link).lowBits(profile.flavour(), profile.clusterEnabled(), keyspace.keys());
        return new ServerInspection(summary, choice.method(), status, lowBits, settings, swaps);
    }

    /**
     * Chooses a reclaim method again, under the server's settings of now, and returns the inspection with that method.
     *
     * @throws NodeRefusedException if there is none
     */
    ServerInspection rechooseMethod(ServerInspection inspection, KeyNames names) {
        PrimarySummary summary = inspection.summary();
        ServerProfile profile = summary.profile();
        ServerSettings settings = ServerSettings.read(link);
        MethodChoice choice = chooseMethod(profile.flavour(), profile.version(), settings, names);
        return new ServerInspection(
                summary.withProfile(profile.with(choice)),
                choice.method(),
                inspection.status(),
                inspection.lowBits(),
                settings,
                inspection.swaps());
    }

    private MethodChoice chooseMethod(
            ServerProfile.Flavour flavour, String version, ServerSettings settings, KeyNames names) {
        return new MethodSelector(link, errors, flavour, version).choose(settings.nestedExpiry(), names);
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

    private void refuseUnlessSelectable(Keyspace keyspace) {
        if (keyspace.keys().keySet().stream().anyMatch(db -> db != 0)) {
            require("SELECT", Integer.toString(keyspace.keys().lastKey()));
            require("SELECT", "0");
        }
    }

    private Reply require(String... command) {
        Reply reply = link.call(List.of(Command.of(command))).replies().getFirst();
        if (reply instanceof Reply.Failure failure) {
            throw errors.of(command[0], failure, MethodSelector.neededCommands());
        }
        return reply;
    }

    private NodeRefusedException refused(Reason reason, String why) {
        return new NodeRefusedException(nodeId, reason, nodeId + " " + why);
    }
}
