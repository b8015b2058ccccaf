package io.keysweep.server.autoscan;

import io.keysweep.api.StartPolicyDocument;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.request.DocumentReader;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Says when an automatic scan is worthwhile, and which events other than the schedule start one.
 *
 * <p>A project sets a start policy as the default. An instance can have a start policy of its own, which replaces the
 * default. Dead keys are expired keys that still hold memory.
 *
 * @param deadPercent a scan is worthwhile if at least this percentage of the keys with a TTL is dead; null for no
 *     threshold
 * @param deadMegabytes a scan is worthwhile if dead keys hold at least this many MiB; null for no threshold
 * @param samplePrimary whether dead keys may be counted on a primary if no replica can be read
 * @param memoryPercent a scan starts when used memory reaches this percentage of the limit; null for never
 * @param evictions whether a scan starts after the server has evicted keys
 * @param quiet the time in which a shortage of memory starts no further scan; it begins when any scan of the instance
 *     ends, and when a scan for lack of memory is started or skipped
 * @param backlogTarget the number of dead keys below which passes (automatic scans that follow one another) keep the
 *     instance; null for no passes
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

    /** Maximum quiet period: 30 days. */
    private static final int MAX_QUIET_MINUTES = 43_200;

    /** Maximum threshold in MiB, far more than any server has. */
    private static final double MAX_MEGABYTES = 1e9;

    /** The policy of an instance that has none: only the schedule starts scans, and every due scan is worthwhile. */
    static final StartPolicy NONE = new StartPolicy(
            /* deadPercent= */ null,
            /* deadMegabytes= */ null,
            /* samplePrimary= */ false,
            /* memoryPercent= */ null,
            /* evictions= */ false,
            Duration.ofMinutes(DEFAULT_QUIET_MINUTES),
            /* backlogTarget= */ null);

    /** Returns whether the backlog must be estimated before a scan starts. */
    boolean hasThreshold() {
        return deadPercent != null || deadMegabytes != null;
    }

    /** Returns whether a shortage of memory starts scans. */
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
                reader.positiveNumber("deadMegabytes", MAX_MEGABYTES).orElse(null),
                reader.flag("samplePrimary").orElse(false),
                reader.integer("memoryPercent", 1, 100).orElse(null),
                reader.flag("evictions").orElse(false),
                Duration.ofMinutes(
                        reader.integer("quietMinutes", 1, MAX_QUIET_MINUTES).orElse(DEFAULT_QUIET_MINUTES)),
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
