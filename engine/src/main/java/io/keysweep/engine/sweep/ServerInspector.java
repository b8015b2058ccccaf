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

/** Finds out what a server is and whether it can be swept, without touching a key. */
final class ServerInspector {

    private final NodeLink link;
    private final String nodeId;
    private final ServerErrors refusals;

    ServerInspector(NodeLink link, String nodeId, Credentials credentials) {
        this.link = link;
        this.nodeId = nodeId;
        this.refusals = new ServerErrors(nodeId, credentials);
    }

    /**
     * Surveys the server.
     *
     * @param names whether names of keys may leave it
     * @throws NodeRefusedException if it cannot be swept
     */
    ServerInspection serverInspection(KeyNames names) {
        // First, so that no swap goes unseen between this and what the databases hold.
        long swaps = SwapWatch.swaps(link);
        ServerInfo info = ServerInfo.parse(require("INFO").text());
        ServerIdentity identity = ServerIdentity.of(info);
        ServerStatus serverStatus = new ServerStatus(info);
        refuseUnfit(info, identity);
        if (info.is("role", "slave") && link.call("DBSIZE") instanceof Reply.Failure failure) {
            throw refusals.of("DBSIZE", failure, MethodSelector.neededCommands());
        }
        Optional<NodeRefusedException> refusal = serverStatus.refusal(nodeId);
        if (refusal.isPresent()) {
            throw refusal.get();
        }
        serverStatus.obstacle().ifPresent(obstacle -> {
            throw refused(Reason.NOT_RECLAIMING, "reclaims nothing at present: " + obstacle + "; try again later");
        });
        return serverInspection(info, identity, serverStatus, names, swaps);
    }

    private ServerInspection serverInspection(
            ServerInfo info, ServerIdentity identity, ServerStatus serverStatus, KeyNames names, long swaps) {
        ServerSettings settings = ServerSettings.read(link);
        if (settings.importMode()) {
            throw refused(
                    Reason.NOT_RECLAIMING,
                    "is in import mode and expires nothing; end the import with: CONFIG SET import-mode no");
        }
        Keyspace keyspace = Keyspace.of(info);
        refuseUnlessSelectable(keyspace);
        MethodChoice choice = new MethodSelector(link, refusals, identity.flavour(), identity.version())
                .choose(settings.nestedExpiry(), names);
        ServerProfile profile = new ServerProfile(
                identity.flavour(),
                identity.version(),
                info.text("run_id").orElse(""),
                info.is("cluster_enabled", "1"),
                settings.lazyFree(),
                choice.method().label(),
                choice.reason());
        PrimarySummary inspection = new PrimarySummary(
                nodeId,
                profile,
                keyspace.keys(),
                keyspace.expires(),
                info.number("used_memory").orElse(0),
                info.number("maxmemory").orElse(0),
                info.number("evicted_keys").orElse(0));
        LowBits lowBits = new CursorProbe(link).lowBits(profile.flavour(), profile.clusterEnabled(), keyspace.keys());
        return new ServerInspection(inspection, choice.method(), serverStatus, lowBits, settings, swaps);
    }

    /**
     * The same survey with the method for other names.
     *
     * @throws NodeRefusedException if there is none
     */
    ServerInspection withMethod(ServerInspection serverInspection, KeyNames names) {
        PrimarySummary inspection = serverInspection.inspection();
        ServerProfile profile = inspection.profile();
        ServerSettings settings = ServerSettings.read(link);
        MethodChoice choice = new MethodSelector(link, refusals, profile.flavour(), profile.version())
                .choose(settings.nestedExpiry(), names);
        return new ServerInspection(
                inspection.with(profile.with(choice)),
                choice.method(),
                serverInspection.serverStatus(),
                serverInspection.lowBits(),
                settings,
                serverInspection.swaps());
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
            throw refusals.of(command[0], failure, MethodSelector.neededCommands());
        }
        return reply;
    }

    private NodeRefusedException refused(Reason reason, String what) {
        return new NodeRefusedException(nodeId, reason, nodeId + " " + what);
    }
}
