package io.keysweep.server.autoscan;

import io.keysweep.api.StartPolicyDocument;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.request.DocumentReader;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A start policy says when an automatic scan is worthwhile, and what starts one apart from the schedule.
 *
 * @param deadPercent the threshold for the percentage of keys with a TTL that are dead, or null for none
 * @param deadMegabytes the threshold for the MB that dead keys hold, or null for none
 * @param samplePrimary whether the backlog may be estimated on a primary
 * @param memoryPercent the percentage of the memory limit at which a scan starts, or null for none
 * @param evictions whether evicted keys start a scan
 * @param quiet how long memory starts no scan after the last scan or the last decision
 * @param backlogTarget the most dead keys that the instance should have, which passes hold, or null for none
 */
record StartPolicy(
        @Nullable Double deadPercent,
        @Nullable Double deadMegabytes,
        boolean samplePrimary,
        @Nullable Integer memoryPercent,
        boolean evictions,
        Duration quiet,
        @Nullable Long backlogTarget) {

    private static final Set<String> FIELDS = Set.of(
            "deadPercent",
            "deadMegabytes",
            "samplePrimary",
            "memoryPercent",
            "evictions",
            "quietMinutes",
            "backlogTarget");

    private static final int DEFAULT_QUIET_MINUTES = 60;

    /** The policy of an instance without one: every start is worthwhile, and only the schedule starts scans. */
    static final StartPolicy NONE =
            new StartPolicy(null, null, false, null, false, Duration.ofMinutes(DEFAULT_QUIET_MINUTES), null);

    /** Returns whether the backlog is estimated before a start. */
    boolean hasThreshold() {
        return deadPercent != null || deadMegabytes != null;
    }

    /** Returns whether memory can start a scan. */
    boolean watchesMemory() {
        return memoryPercent != null || evictions;
    }

    /**
     * Reads a document. Fields that are left out get their defaults.
     *
     * @throws RequestRefusedException if the document breaks any rule; the exception names all broken rules
     */
    static StartPolicy read(@Nullable JsonNode document) {
        DocumentReader reader = DocumentReader.of(document, FIELDS);
        StartPolicy policy = new StartPolicy(
                reader.positiveNumber("deadPercent", 100).orElse(null),
                reader.positiveNumber("deadMegabytes", 1e9).orElse(null),
                reader.flag("samplePrimary").orElse(false),
                reader.integer("memoryPercent", 1, 100).orElse(null),
                reader.flag("evictions").orElse(false),
                Duration.ofMinutes(reader.integer("quietMinutes", 1, 43_200).orElse(DEFAULT_QUIET_MINUTES)),
                reader.integer("backlogTarget", 1, Integer.MAX_VALUE)
                        .map(Integer::longValue)
                        .orElse(null));
        return reader.requireValid(() -> policy);
    }

    /** Returns the document of this policy, with every default filled in. */
    StartPolicyDocument document() {
        return new StartPolicyDocument(
                deadPercent,
                deadMegabytes,
                samplePrimary,
                memoryPercent,
                evictions,
                Math.toIntExact(quiet.toMinutes()),
                backlogTarget);
    }
}
