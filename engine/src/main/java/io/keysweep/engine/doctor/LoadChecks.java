package io.keysweep.engine.doctor;

import io.keysweep.engine.sweep.ServerSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What makes a sweep dearer for the server or for those behind it: settings, replicas and saving. */
final class LoadChecks {

    /** A replica this far behind has trouble already. */
    private static final long MANY_BYTES_BEHIND = 16L << 20;

    private static final long LONG_SILENCE_SECONDS = 10;

    private LoadChecks() {}

    static List<Finding> of(ServerFacts facts) {
        List<Finding> findings = new ArrayList<>();
        settings(facts, findings);
        replicas(facts, findings);
        persistence(facts, findings);
        return findings;
    }

    private static void settings(ServerFacts facts, List<Finding> findings) {
        ServerSettings settings = facts.settings();
        if (settings.is(ServerSettings.LAZY_FREE, "no")) {
            findings.add(Finding.warning(
                    "lazyfree-off",
                    "lazyfree-lazy-expire is no: large values are freed on the main thread, so a sweep starts with"
                            + " small steps and one such value makes a long one.",
                    "CONFIG SET lazyfree-lazy-expire yes"));
        }
        String events = settings.value(ServerSettings.EVENTS);
        if (emitsExpired(events)) {
            findings.add(Finding.warning(
                    "expired-events",
                    "notify-keyspace-events is " + events + ": every key that a sweep reclaims emits an event.",
                    "See that subscribers bear it, or sweep with --max-rate."));
        }
        findings.add(Finding.info(
                "native-expiry",
                "The server's own expiry works with active-expire-effort " + settings.value(ServerSettings.EFFORT)
                        + " and hz " + settings.value(ServerSettings.HZ)
                        + "; it eases off where few of its samples are dead.",
                "A higher effort, up to 10, leaves less behind and takes more of the server's time."));
    }

    /** Whether events of expired keys (x, or A for all kinds) go anywhere (K or E). */
    static boolean emitsExpired(String events) {
        return !events.equals(Diagnosis.UNKNOWN)
                && (events.contains("x") || events.contains("A"))
                && (events.contains("K") || events.contains("E"));
    }

    private static void replicas(ServerFacts facts, List<Finding> findings) {
        List<ReplicaState> replicas = facts.replicas();
        if (replicas.isEmpty()) {
            return;
        }
        long bytes =
                replicas.stream().mapToLong(ReplicaState::bytesBehind).max().orElse(0);
        long seconds = replicas.stream()
                .mapToLong(ReplicaState::secondsSinceReply)
                .max()
                .orElse(0);
        String sentence = String.format(
                Locale.ROOT,
                "%d %s; at most %,d bytes behind, last heard of %d s ago at most.",
                replicas.size(),
                replicas.size() == 1 ? "replica follows" : "replicas follow",
                bytes,
                seconds);
        for (ReplicaState replica : replicas) {
            if (!replica.online()) {
                findings.add(Finding.warning(
                        "replica-not-online",
                        "Replica " + replica.address() + " is not online (" + replica.state() + ").",
                        "Sweep once it is."));
            }
        }
        findings.add(
                bytes > MANY_BYTES_BEHIND || seconds > LONG_SILENCE_SECONDS
                        ? Finding.warning(
                                "replica-lag", sentence, "Find out why before a sweep adds one DEL a reclaimed key.")
                        : Finding.info("replicas", sentence, "None: a reclaimed key costs each of them one DEL."));
    }

    private static void persistence(ServerFacts facts, List<Finding> findings) {
        findings.add(
                facts.info().is("aof_enabled", "1")
                        ? Finding.info(
                                "persistence",
                                "Its append-only file is on (aof_enabled 1): every reclaimed key adds one DEL to it.",
                                "See that its disk has room; a rewrite makes the file short again.")
                        : Finding.info(
                                "persistence",
                                "Its append-only file is off: a sweep writes nothing to its disk, and counts as changes"
                                        + " for the next save.",
                                "None."));
        if (facts.info().is("rdb_bgsave_in_progress", "1")) {
            findings.add(Finding.warning(
                    "saving",
                    "It is saving its data set (rdb_bgsave_in_progress 1); what a sweep changes meanwhile is copied"
                            + " first and takes more memory.",
                    "Sweep when the save is done."));
        }
        if (facts.info().is("aof_rewrite_in_progress", "1")) {
            findings.add(Finding.warning(
                    "rewriting-aof",
                    "It is rewriting its append-only file (aof_rewrite_in_progress 1).",
                    "Sweep when the rewrite is done."));
        }
        String saved = facts.info().text("rdb_last_bgsave_status").orElse("ok");
        String written = facts.info().text("aof_last_write_status").orElse("ok");
        if (!saved.equals("ok") || !written.equals("ok")) {
            findings.add(Finding.warning(
                    "save-failed",
                    "Its last save went wrong (rdb_last_bgsave_status " + saved + ", aof_last_write_status " + written
                            + ").",
                    "Look into its log and at the space on its disk."));
        }
    }
}
