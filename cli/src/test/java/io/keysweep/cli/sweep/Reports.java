package io.keysweep.cli.sweep;

import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.plan.DatabaseCoverage;
import io.keysweep.engine.reclaim.ServerProfile;
import io.keysweep.engine.sweep.MemoryReport;
import io.keysweep.engine.sweep.PrimarySummary;
import io.keysweep.engine.sweep.Purge;
import io.keysweep.engine.sweep.StepTimes;
import io.keysweep.engine.sweep.SweepProgress;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.topology.SlotSet;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Creates the reports, summaries and progress that tests give to the output of a sweep, as an engine would. */
final class Reports {

    private Reports() {}

    /** The reply to INFO before the sweep. */
    private static final ServerInfo INFO_BEFORE = ServerInfo.parse("""
            run_id:0f
            used_memory:43201331
            used_memory_startup:1000000
            used_memory_dataset:40000000
            used_memory_rss:60000000
            mem_fragmentation_ratio:1.39
            mem_allocator:jemalloc-5.3.0
            lazyfree_pending_objects:0
            expired_keys:5
            evicted_keys:0
            db0:keys=210000,expires=100000,avg_ttl=0
            db3:keys=110000,expires=20000,avg_ttl=0
            """);

    /** The reply to INFO after the sweep: others have created 500 keys, and 12 keys expired without the sweep. */
    private static final ServerInfo INFO_AFTER = ServerInfo.parse("""
            run_id:0f
            used_memory:29254222
            used_memory_startup:1000000
            used_memory_dataset:26000000
            used_memory_rss:58000000
            mem_fragmentation_ratio:1.98
            mem_allocator:jemalloc-5.3.0
            lazyfree_pending_objects:0
            expired_keys:100017
            evicted_keys:0
            db0:keys=120000,expires=10000,avg_ttl=0
            db3:keys=100488,expires=10000,avg_ttl=0
            """);

    /** Returns the memory report of a sweep that has reclaimed 100,000 keys. */
    static MemoryReport memory(@Nullable Purge purge) {
        return MemoryReport.of(INFO_BEFORE, INFO_AFTER, /* reclaimed= */ 100_000, purge);
    }

    /** Returns the report of a server that did not answer at the end. */
    static MemoryReport memoryUnknownAfter() {
        return MemoryReport.of(INFO_BEFORE, /* after= */ null, /* reclaimed= */ 100_000, /* purge= */ null);
    }

    /** Returns the report of a sweep that has visited the keys of the databases 0 and 3. */
    static SweepReport report(SweepReport.Ending ending, boolean exact) {
        return report(ending, exact, new TreeMap<>(Map.of(0, DatabaseCoverage.VISITED, 3, DatabaseCoverage.VISITED)));
    }

    /** Returns the report of a sweep with this coverage of its databases. */
    static SweepReport report(SweepReport.Ending ending, boolean exact, SortedMap<Integer, DatabaseCoverage> coverage) {
        return new SweepReport(
                "127.0.0.1:6379",
                new ServerProfile(
                        ServerProfile.Flavour.REDIS,
                        "7.0.15",
                        "0f",
                        /* clusterEnabled= */ false,
                        /* lazyFree= */ true,
                        "script",
                        "scripts are allowed"),
                ending,
                /* visited= */ 300_000,
                /* reclaimed= */ 100_000,
                exact,
                /* steps= */ 1_234,
                /* elapsed= */ Duration.ofMillis(1_500),
                /* longestStall= */ Duration.ofNanos(1_234_567),
                memory(/* purge= */ null),
                SlotSet.ALL,
                Collections.emptySortedMap(),
                List.of(
                        new SweepReport.DatabaseCount(/* db= */ 0, /* visited= */ 200_000, /* reclaimed= */ 90_000),
                        new SweepReport.DatabaseCount(/* db= */ 3, /* visited= */ 100_000, /* reclaimed= */ 10_000)),
                coverage,
                StepTimes.NONE);
    }

    /** Returns the summary of a primary with one key. */
    static PrimarySummary summary(String nodeId) {
        SortedMap<Integer, Long> oneKey = new TreeMap<>(Map.of(0, 1L));
        return new PrimarySummary(
                nodeId,
                report(SweepReport.Ending.COMPLETED, /* exact= */ true).profile(),
                oneKey,
                oneKey,
                /* usedMemory= */ 0,
                /* maxMemory= */ 0,
                /* evictedKeys= */ 0,
                /* replicas= */ 0,
                new TreeSet<>());
    }

    /** Returns the progress of a sweep that has done half of its work. */
    static SweepProgress progress() {
        return new SweepProgress(
                /* visited= */ 10,
                /* reclaimed= */ 5,
                /* fraction= */ 0.5,
                /* count= */ 100,
                Duration.ofMillis(1),
                Duration.ofSeconds(1),
                /* remaining= */ null,
                /* share= */ 0.25,
                /* slowedBy= */ null,
                report(SweepReport.Ending.COMPLETED, /* exact= */ true).stepTimes(),
                /* callersWait= */ null);
    }
}
