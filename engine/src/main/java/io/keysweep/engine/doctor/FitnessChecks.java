package io.keysweep.engine.doctor;

import io.keysweep.engine.reclaim.ServerProfile.Flavour;
import io.keysweep.engine.sweep.ServerIdentity;
import io.keysweep.engine.topology.NodeRefusedException;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks for the doctor whether a sweep of a server would be allowed and would reclaim keys.
 *
 * <p>To sweep is to visit all keys of a server; to reclaim is to remove an expired key. The doctor reports each result
 * as a finding: a stable id, a severity (a problem prevents a sweep, a warning does not), a sentence and one action.
 * {@link ServerDoctor} combines these findings with the findings of {@link LoadChecks} and {@link MemoryChecks}.
 */
final class FitnessChecks {

    /** The role of a KeyDB node in an active-active deployment, where every node accepts writes. */
    private static final String ACTIVE_REPLICA = "active-replica";

    private FitnessChecks() {}

    /** Returns the findings for one server, in a fixed order. */
    static List<Finding> of(ServerFacts facts) {
        List<Finding> findings = new ArrayList<>();
        checkKind(facts, findings);
        checkState(facts, findings);
        checkMethod(facts, findings);
        return findings;
    }

    /** Adds findings about the server's version, product and mode. */
    private static void checkKind(ServerFacts facts, List<Finding> findings) {
        String version = facts.identity().version();
        if (facts.info().is("redis_mode", "sentinel")) {
            findings.add(Finding.problem(
                    "sentinel", "The server is a Sentinel, which holds no keys.", "Use the address of the primary."));
        }
        if (facts.identity().tooOld()) {
            findings.add(Finding.problem(
                    "too-old",
                    "The server runs Redis " + version + ", but a sweep requires 4.0 or newer.",
                    "Upgrade the server."));
        }
        // A sweep can divide the databases only if it knows how the server builds its cursors.
        if (facts.identity().flavour() == Flavour.UNKNOWN) {
            findings.add(Finding.warning(
                    "unknown-kind",
                    "The server is " + (ServerIdentity.isKeyDb(facts.info()) ? "KeyDB, " : "")
                            + "neither Redis, Valkey nor Redict, so a sweep uses one sequential cursor.",
                    "Try a sweep on a copy of the server first."));
        }
        if (facts.info().is("role", ACTIVE_REPLICA)) {
            findings.add(Finding.warning(
                    "active-replica",
                    "The server is an active replica of KeyDB. Each node of such a deployment keeps expired keys"
                            + " of its own, and a sweep of one node reclaims none of another.",
                    "Sweep every node, one after the other."));
        }
        if (facts.info().is("cluster_enabled", "1")) {
            findings.add(Finding.info(
                    "cluster-mode",
                    "The server runs in cluster mode, so it holds only the keys of its slots.",
                    "Sweep the whole cluster: redis-cluster://HOST:PORT."));
        }
    }

    /** Adds findings about states in which the server reclaims nothing, such as a replica or paused writes. */
    private static void checkState(ServerFacts facts, List<Finding> findings) {
        if (facts.isReplica()) {
            findings.add(Finding.problem(
                    "replica",
                    "The server is a replica of " + facts.primary() + ", and a replica removes no expired keys itself.",
                    "Sweep " + facts.primary() + "."));
        }
        if (facts.info().is("loading", "1")) {
            String percentLoaded = facts.info().text("loading_loaded_perc").orElse("?");
            findings.add(Finding.problem(
                    "loading",
                    "The server is still loading its data set, " + percentLoaded + " % done.",
                    "Try again later."));
        }
        facts.serverStatus()
                .obstacle()
                .ifPresent(obstacle -> findings.add(Finding.problem(
                        "not-reclaiming",
                        "The server currently reclaims nothing: " + obstacle + ".",
                        "Sweep once this has ended.")));
        if (facts.settings().importMode()) {
            findings.add(Finding.problem(
                    "import-mode",
                    "The server is in import mode (import-mode yes) and expires nothing.",
                    "End the import mode: CONFIG SET import-mode no"));
        }
    }

    /** Adds findings about the reclaim method (script, transaction or pipeline) that a sweep would use. */
    private static void checkMethod(ServerFacts facts, List<Finding> findings) {
        // If there is neither a refusal nor a method, no method was tried, and another finding of this class says why.
        NodeRefusedException refusal = facts.refusal();
        if (refusal != null) {
            findings.add(Finding.problem(
                    "no-method",
                    "No method of a sweep works for user " + facts.user() + ": " + refusal.getMessage() + ".",
                    refusal.reason() == NodeRefusedException.Reason.COMMAND_FORBIDDEN
                            ? "Create a user with the ACL SETUSER command that the doctor prints."
                            : "Remove this cause, then run the doctor again."));
        } else if (facts.split() != null) {
            findings.add(Finding.warning(
                    "sharding-proxy",
                    "A proxy over several servers answers at this address: "
                            + facts.split().why()
                            + ". A sweep would follow one sequential cursor, and its count would be an estimate. INFO"
                            + " describes only one of the servers.",
                    "Sweep each server by its own address, which counts exactly."));
        } else if (facts.method() != null && !facts.exact()) {
            findings.add(Finding.warning(
                    "method-not-exact",
                    "A sweep would use the method " + facts.method() + ", so its count would be an estimate: "
                            + facts.methodReason() + ".",
                    "Allow scripts: ACL SETUSER " + facts.user() + " +eval"));
        }

        // If the settings are unknown, a sweep assumes that the server frees large values on its main thread.
        if (facts.settings().refused()) {
            findings.add(Finding.info(
                    "settings-unknown",
                    "The server does not allow user " + facts.user() + " to run CONFIG GET, so its settings are unknown"
                            + " and a sweep starts with small steps."
                            + (facts.settings().mayHideKeys(facts.identity())
                                    ? " One of them may make it hide expired keys (import-mode of Valkey,"
                                            + " lazyexpire-nested-arbitrary-keys of Redis), which a sweep finds"
                                            + " out at its end."
                                    : ""),
                    "Allow it, if the provider does: ACL SETUSER " + facts.user() + " +config|get"));
        }
    }
}
