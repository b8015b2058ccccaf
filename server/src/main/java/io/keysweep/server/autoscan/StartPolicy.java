package io.keysweep.server.autoscan;

import io.keysweep.api.StartPolicyDocument;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.request.DocumentReader;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * When an automatic scan is worth its while, and what starts one beside the schedule.
 *
 * @param deadPercent least share of the keys with a TTL that is dead, or null
 * @param deadMegabytes least MB that the dead keys hold, or null
 * @param samplePrimary whether a primary may be sampled to find that out
 * @param memoryPercent share of the memory limit at which a scan starts, or null
 * @param evictions whether evicted keys start a scan
 * @param quiet how long no scan starts by memory after the one before
 * @param backlogTarget most dead keys that there should be, which passes are to hold, or null
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

    private static final int QUIET_MINUTES = 60;

    /** Where nobody has set anything: every start is worth its while, and memory starts nothing. */
    static final StartPolicy NONE =
            new StartPolicy(null, null, false, null, false, Duration.ofMinutes(QUIET_MINUTES), null);

    /** Whether the backlog is estimated before a start. */
    boolean hasThreshold() {
        return deadPercent != null || deadMegabytes != null;
    }

    /** Whether memory is watched. */
    boolean watchesMemory() {
        return memoryPercent != null || evictions;
    }

    /**
     * Reads a document.
     *
     * @throws RequestRefusedException for every rule that is broken
     */
    static StartPolicy read(@Nullable JsonNode document) {
        DocumentReader reader = DocumentReader.of(document, FIELDS);
        StartPolicy policy = new StartPolicy(
                reader.positiveNumber("deadPercent", 100).orElse(null),
                reader.positiveNumber("deadMegabytes", 1e9).orElse(null),
                reader.flag("samplePrimary").orElse(false),
                reader.integer("memoryPercent", 1, 100).orElse(null),
                reader.flag("evictions").orElse(false),
                Duration.ofMinutes(reader.integer("quietMinutes", 1, 43_200).orElse(QUIET_MINUTES)),
                reader.integer("backlogTarget", 1, Integer.MAX_VALUE)
                        .map(Integer::longValue)
                        .orElse(null));
        return reader.requireValid(() -> policy);
    }

    /** The document, with every default said. */
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
