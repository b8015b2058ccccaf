package io.keysweep.engine.doctor;

import io.keysweep.engine.reclaim.ServerProfile.Flavour;
import io.keysweep.engine.topology.NodeRefusedException;
import java.util.ArrayList;
import java.util.List;

/** Whether a sweep would be let in, and reclaim. */
final class FitnessChecks {

    private FitnessChecks() {}

    static List<Finding> of(ServerFacts facts) {
        List<Finding> findings = new ArrayList<>();
        kind(facts, findings);
        state(facts, findings);
        method(facts, findings);
        return findings;
    }

    private static void kind(ServerFacts facts, List<Finding> findings) {
        String version = facts.identity().version();
        if (facts.info().is("redis_mode", "sentinel")) {
            findings.add(Finding.problem(
                    "sentinel", "This is a Sentinel, which holds no keys.", "Give the address of the primary."));
        }
        if (facts.identity().tooOld()) {
            findings.add(Finding.problem(
                    "too-old",
                    "It runs Redis " + version + "; 4.0 is the oldest that is swept.",
                    "Upgrade the server."));
        }
        if (facts.identity().flavour() == Flavour.UNKNOWN) {
            findings.add(Finding.warning(
                    "unknown-kind",
                    "It is neither Redis, Valkey nor Redict, so a sweep follows one sequential cursor.",
                    "Try a sweep on a copy of it first."));
        }
        if (facts.info().is("cluster_enabled", "1")) {
            findings.add(Finding.info(
                    "cluster-mode",
                    "It runs in cluster mode, so it holds only the keys of its slots.",
                    "Sweep the whole cluster: redis-cluster://HOST:PORT."));
        }
    }

    private static void state(ServerFacts facts, List<Finding> findings) {
        if (facts.replica()) {
            findings.add(Finding.problem(
                    "replica",
                    "It is a replica of " + facts.primary() + ", and a replica removes no expired key by itself.",
                    "Sweep " + facts.primary() + "."));
        }
        if (facts.info().is("loading", "1")) {
            String done = facts.info().text("loading_loaded_perc").orElse("?");
            findings.add(Finding.problem(
                    "loading", "It still loads its data set, " + done + " % done.", "Try again later."));
        }
        facts.serverStatus()
                .obstacle()
                .ifPresent(obstacle -> findings.add(Finding.problem(
                        "not-reclaiming",
                        "It reclaims nothing at present: " + obstacle + ".",
                        "Wait until that is over.")));
        if (facts.settings().importMode()) {
            findings.add(Finding.problem(
                    "import-mode",
                    "It is in import mode (import-mode yes) and expires nothing.",
                    "CONFIG SET import-mode no"));
        }
    }

    private static void method(ServerFacts facts, List<Finding> findings) {
        var refusal = facts.refusal();
        if (refusal != null) {
            findings.add(Finding.problem(
                    "no-method",
                    "No step of a sweep is done for user " + facts.user() + ": " + refusal.getMessage() + ".",
                    refusal.reason() == NodeRefusedException.Reason.COMMAND_FORBIDDEN
                            ? "Make a user who may: see userCommand."
                            : "See to that, then try again."));
        } else if (facts.method() != null && !facts.exact()) {
            findings.add(Finding.warning(
                    "method-not-exact",
                    "A sweep would work by " + facts.method() + ", so its count is an estimate: " + facts.methodReason()
                            + ".",
                    "Allow scripts: ACL SETUSER " + facts.user() + " +eval"));
        }
        if (facts.settings().refused()) {
            findings.add(Finding.info(
                    "settings-unknown",
                    "It does not let user " + facts.user() + " run CONFIG GET, so its settings are unknown and a sweep"
                            + " starts with small steps.",
                    "ACL SETUSER " + facts.user() + " +config|get, where the provider allows it."));
        }
    }
}
