package io.keysweep.engine.doctor;

import io.keysweep.engine.sweep.ServerSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Finds facts for the doctor that make a sweep more expensive for the server, its replicas or its clients.
 *
 * <p>A sweep visits every key, and the server removes the expired ones. Each removal is sent to the replicas and
 * written to the append-only file as one DEL. The doctor reports each result as a finding: a stable id, a severity, a
 * sentence and one action. No finding of this class is a problem, which would prevent a sweep.
 */
final class LoadChecks {

    /** The lag (16 MiB) above which a replica is already overloaded, so that a sweep would make it worse. */
    private static final long MAX_BYTES_BEHIND = 16L << 20;

    /**
     * The longest silence of a healthy replica. Replicas confirm once per second; a replica that is silent for longer
     * hangs or has lost its link.
     */
    private static final long MAX_SILENCE_SECONDS = 10;

    /** The id of the finding about settings that only assist sets, without knowledge of the former values. */
    static final String SUSPECTED_SETTINGS = "assist-settings-suspected";

    private LoadChecks() {}

    /** Returns the findings for one server, in a fixed order. */
    static List<Finding> of(ServerFacts facts) {
        List<Finding> findings = new ArrayList<>();
        checkSettings(facts, findings);
        checkReplicas(facts, findings);
        checkPersistence(facts, findings);
        return findings;
    }

    /** Adds findings about settings that make each removal more expensive, and about the server's own expiry. */
    private static void checkSettings(ServerFacts facts, List<Finding> findings) {
        ServerSettings settings = facts.settings();
        if (settings.is(ServerSettings.LAZY_FREE, "no")) {
            findings.add(Finding.warning(
                    "lazyfree-off",
                    "lazyfree-lazy-expire is no: the server frees large values on its main thread. A sweep starts with"
                            + " small steps, and one large value makes a step long.",
                    "Free values in the background: CONFIG SET lazyfree-lazy-expire yes"));
        }
        String events = settings.value(ServerSettings.EVENTS);
        if (emitsExpired(events)) {
            findings.add(Finding.warning(
                    "expired-events",
                    "notify-keyspace-events is " + events + ": every key that a sweep reclaims emits an event.",
                    "Make sure that subscribers can handle the events, or sweep with --max-rate."));
        }
        findings.add(nativeExpiryFinding(settings));
    }

    /**
     * Returns the finding about the settings of the server's own expiry. INFO does not show whether the expiry is on, so
     * the finding cannot judge, except for the values that only assist sets: former values may be stored elsewhere, by
     * the service or by another user, so that this process does not know them.
     */
    private static Finding nativeExpiryFinding(ServerSettings settings) {
        String hz = settings.value(ServerSettings.HZ);
        if (settings.is(ServerSettings.EFFORT, "10") && settings.is(ServerSettings.HZ, "500")) {
            return Finding.warning(
                    SUSPECTED_SETTINGS,
                    "The server has active-expire-effort 10 and hz 500, the highest values, which assist sets for a"
                            + " while. If no assist runs, an ended one has left them, perhaps in the configuration"
                            + " file, too.",
                    "If your configuration does not demand them, put the defaults back: CONFIG SET"
                            + " active-expire-effort 1; CONFIG SET hz 10; then CONFIG REWRITE if the file has them.");
        }
        if (!settings.is(ServerSettings.EFFORT, ServerSettings.UNKNOWN)) {
            return Finding.info(
                    "native-expiry",
                    "The server's own expiry is set to active-expire-effort " + settings.value(ServerSettings.EFFORT)
                            + " and hz " + hz + "; it slows down when few of the keys that it samples have expired.",
                    "None. A higher effort, up to 10, leaves fewer expired keys and takes more of the server's time.");
        }
        return Finding.info(
                "native-expiry",
                settings.refused()
                        ? "The settings of the server's own expiry are unknown."
                        : "The server's own expiry has no setting active-expire-effort, as in Redis before 6.0; hz is "
                                + hz + ".",
                "None. It slows down when few of the keys that it samples have expired.");
    }

    /**
     * Returns whether the setting notify-keyspace-events makes the server publish an event for each expired key.
     * The setting must contain a kind of event (x for expired, or A for all) and a kind of channel (K or E).
     *
     * @param events the setting's value, for example {@code Ex}
     */
    static boolean emitsExpired(String events) {
        return !events.equals(Diagnosis.UNKNOWN)
                && (events.contains("x") || events.contains("A"))
                && (events.contains("K") || events.contains("E"));
    }

    /** Adds one finding about all replicas together, and one for each replica that is not online. */
    private static void checkReplicas(ServerFacts facts, List<Finding> findings) {
        List<ReplicaState> replicas = facts.replicas();
        if (replicas.isEmpty()) {
            return;
        }
        long mostBytesBehind =
                replicas.stream().mapToLong(ReplicaState::bytesBehind).max().orElse(0);
        long longestSilenceSeconds = replicas.stream()
                .mapToLong(ReplicaState::secondsSinceReply)
                .max()
                .orElse(0);
        String sentence = String.format(
                Locale.ROOT,
                "%d %s, at most %,d bytes behind; the oldest confirmation is %d s old.",
                replicas.size(),
                replicas.size() == 1 ? "replica follows the server" : "replicas follow the server",
                mostBytesBehind,
                longestSilenceSeconds);

        // The finding about all replicas also includes a replica that is not online.
        for (ReplicaState replica : replicas) {
            if (!replica.online()) {
                findings.add(Finding.warning(
                        "replica-not-online",
                        "Replica " + replica.address() + " is not online (" + replica.state() + ").",
                        "Sweep once the replica is online. Until then a sweep holds."));
            }
        }

        findings.add(
                mostBytesBehind > MAX_BYTES_BEHIND || longestSilenceSeconds > MAX_SILENCE_SECONDS
                        ? Finding.warning(
                                "replica-lag",
                                sentence,
                                "Find the cause first: a sweep adds one DEL per reclaimed key.")
                        : Finding.info("replicas", sentence, "None. Each reclaimed key costs every replica one DEL."));
    }

    /** Adds findings about the append-only file, and about saves that are in progress or have failed. */
    private static void checkPersistence(ServerFacts facts, List<Finding> findings) {
        findings.add(
                facts.info().is("aof_enabled", "1")
                        ? Finding.info(
                                "persistence",
                                "The append-only file is on (aof_enabled 1): every reclaimed key adds one DEL to it.",
                                "Make sure that the disk has room; a rewrite shortens the file again.")
                        : Finding.info(
                                "persistence",
                                "The append-only file is off: a sweep writes nothing to the disk. Reclaimed keys count"
                                        + " as changes for the next save.",
                                "None."));
        if (facts.info().is("rdb_bgsave_in_progress", "1")) {
            findings.add(Finding.warning(
                    "saving",
                    "The server is saving its data set (rdb_bgsave_in_progress 1). Memory that a sweep changes meanwhile"
                            + " is copied first, which takes more memory.",
                    "Sweep after the save has finished."));
        }
        if (facts.info().is("aof_rewrite_in_progress", "1")) {
            findings.add(Finding.warning(
                    "rewriting-aof",
                    "The server is rewriting its append-only file (aof_rewrite_in_progress 1).",
                    "Sweep after the rewrite has finished."));
        }
        checkLastSave(facts, findings);
    }

    private static void checkLastSave(ServerFacts facts, List<Finding> findings) {
        // A server that does not report a status is treated as healthy.
        String lastSaveStatus = facts.info().text("rdb_last_bgsave_status").orElse("ok");
        String lastWriteStatus = facts.info().text("aof_last_write_status").orElse("ok");
        if (!lastSaveStatus.equals("ok") || !lastWriteStatus.equals("ok")) {
            findings.add(Finding.warning(
                    "save-failed",
                    "The last save failed (rdb_last_bgsave_status " + lastSaveStatus + ", aof_last_write_status "
                            + lastWriteStatus + ").",
                    "Check the server's log and the free space on its disk."));
        }
    }
}
