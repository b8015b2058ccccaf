package io.keysweep.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.sweep.ReclaimedBytes.ReclaimedBytesMethod;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Tests how a memory report divides the change of a server's memory between a sweep and other clients.
 *
 * <p>Before the sweep the server's memory contains 1,000 keys of 100,000 bytes each, and 5,000,000 bytes that do not
 * belong to keys.
 */
final class MemoryReportTest {

    /** The number of keys that most sweeps of these tests reclaim. */
    private static final int RECLAIMED = 400;

    private static final String INFO_BEFORE =
            infoText(/* usedKilobytes= */ 105_000, /* keys= */ 1_000, /* expired= */ 0, /* evicted= */ 0);

    /** The reply after a sweep during which other clients were idle. */
    private static final String INFO_AFTER =
            infoText(/* usedKilobytes= */ 65_000, /* keys= */ 600, /* expired= */ RECLAIMED, /* evicted= */ 0);

    @Test
    void reclaimed_noOtherActivity_isTheFallOfKeyMemory() {
        MemoryReport report = report(INFO_BEFORE, INFO_AFTER, RECLAIMED);

        assertThat(report.flow()).isEqualTo(new KeyFlow(/* inflow= */ 0, /* expiredElsewhere= */ 0, /* evicted= */ 0));
        assertThat(report.reclaimed().method()).isEqualTo(ReclaimedBytesMethod.MEASURED);
        assertThat(report.reclaimed().bytes()).isEqualTo(40_000_000);
    }

    @Test
    void reclaimed_clientBuffersGrew_ignoresThem() {
        String infoAfter = infoText(/* usedKilobytes= */ 165_000, /* keys= */ 600, /* expired= */ 400, /* evicted= */ 0)
                + "\nmem_clients_normal:100000000";

        assertThat(report(INFO_BEFORE, infoAfter, RECLAIMED).reclaimed().bytes())
                .isEqualTo(40_000_000);
    }

    @Test
    void reclaimed_othersCreatedKeys_leavesOutTheirMemory() {
        // 300 new keys of 100,000 bytes each, like all others.
        MemoryReport report = report(
                INFO_BEFORE,
                infoText(/* usedKilobytes= */ 95_000, /* keys= */ 900, /* expired= */ 400, /* evicted= */ 0),
                RECLAIMED);

        assertThat(report.flow())
                .isEqualTo(new KeyFlow(/* inflow= */ 300, /* expiredElsewhere= */ 0, /* evicted= */ 0));
        assertThat(report.reclaimed().method()).isEqualTo(ReclaimedBytesMethod.NET_OF_FLOW);
        assertThat(report.reclaimed().bytes()).isEqualTo(40_000_000);
    }

    @Test
    void reclaimed_keysAlsoExpiredElsewhereOrWereEvicted_isTheSweepsPartOfTheFall() {
        MemoryReport report = report(
                INFO_BEFORE,
                infoText(/* usedKilobytes= */ 45_000, /* keys= */ 400, /* expired= */ 500, /* evicted= */ 100),
                RECLAIMED);

        assertThat(report.flow())
                .isEqualTo(new KeyFlow(/* inflow= */ 0, /* expiredElsewhere= */ 100, /* evicted= */ 100));
        assertThat(report.reclaimed().method()).isEqualTo(ReclaimedBytesMethod.NET_OF_FLOW);
        assertThat(report.reclaimed().bytes()).isEqualTo(40_000_000);
    }

    @Test
    void reclaimed_othersChangedMoreKeysThanTheSweep_usesTheAverageKeyAndSaysSo() {
        MemoryReport report = report(
                INFO_BEFORE,
                infoText(/* usedKilobytes= */ 565_000, /* keys= */ 5_600, /* expired= */ 400, /* evicted= */ 0),
                RECLAIMED);

        assertThat(report.flow())
                .isEqualTo(new KeyFlow(/* inflow= */ 5_000, /* expiredElsewhere= */ 0, /* evicted= */ 0));
        assertThat(report.reclaimed().method()).isEqualTo(ReclaimedBytesMethod.AVERAGE_KEY);
        assertThat(report.reclaimed().bytes()).isEqualTo(40_000_000);
        assertThat(report.reclaimed().explanation())
                .contains("400 reclaimed x 100,000 bytes", "others created or removed more keys");
    }

    @Test
    void reclaimed_liveValuesGrewMoreThanTheSweepFreed_usesTheAverageKey() {
        MemoryReport report = report(
                INFO_BEFORE,
                infoText(/* usedKilobytes= */ 505_000, /* keys= */ 600, /* expired= */ 400, /* evicted= */ 0),
                RECLAIMED);

        assertThat(report.reclaimed().method()).isEqualTo(ReclaimedBytesMethod.AVERAGE_KEY);
        assertThat(report.reclaimed().bytes()).isEqualTo(40_000_000);
        assertThat(report.reclaimed().explanation()).contains("did not fall");
    }

    @Test
    void reclaimed_everyKey_isAllKeyMemory() {
        MemoryReport report = report(
                INFO_BEFORE,
                infoText(/* usedKilobytes= */ 5_000, /* keys= */ 0, /* expired= */ 1_000, /* evicted= */ 0),
                /* reclaimed= */ 1_000);

        assertThat(report.reclaimed().bytes()).isEqualTo(100_000_000);
    }

    @Test
    void reclaimed_noKey_isZero() {
        assertThat(report(INFO_BEFORE, INFO_BEFORE, /* reclaimed= */ 0)
                        .reclaimed()
                        .bytes())
                .isZero();
    }

    @Test
    void reclaimed_tooLittleMemoryToMeasure_isUnknown() {
        // All keys together take only 900 kB.
        MemoryReport report = report(
                infoText(/* usedKilobytes= */ 5_900, /* keys= */ 9_000, /* expired= */ 0, /* evicted= */ 0),
                infoText(/* usedKilobytes= */ 5_500, /* keys= */ 5_000, /* expired= */ 4_000, /* evicted= */ 0),
                /* reclaimed= */ 4_000);

        assertThat(report.reclaimed().method()).isEqualTo(ReclaimedBytesMethod.UNKNOWN);
        assertThat(report.reclaimed().bytes()).isNull();
    }

    @Test
    void reclaimed_smallPartOfMuchMemory_usesTheAverageKey() {
        // The sweep has reclaimed 4 of 1,000 keys, and the used memory has fallen by 100 kB of 105 MB.
        MemoryReport report = report(
                INFO_BEFORE,
                infoText(/* usedKilobytes= */ 104_900, /* keys= */ 996, /* expired= */ 4, /* evicted= */ 0),
                /* reclaimed= */ 4);

        assertThat(report.reclaimed().method()).isEqualTo(ReclaimedBytesMethod.AVERAGE_KEY);
        assertThat(report.reclaimed().bytes()).isEqualTo(400_000);
    }

    @Test
    void reclaimed_emptyAtStartAndUnreachableAtEnd_isUnknown() {
        String infoBefore = infoText(/* usedKilobytes= */ 5_000, /* keys= */ 0, /* expired= */ 0, /* evicted= */ 0);
        MemoryReport report =
                MemoryReport.of(info(infoBefore), /* after= */ null, /* reclaimed= */ 7, /* purge= */ null);

        assertThat(report.reclaimed().method()).isEqualTo(ReclaimedBytesMethod.UNKNOWN);
        assertThat(report.reclaimed().bytes()).isNull();
    }

    @Test
    void reclaimed_valuesStillWaitToBeFreed_saysAtLeast() {
        String infoAfter = INFO_AFTER + "\nlazyfree_pending_objects:1200";

        assertThat(report(INFO_BEFORE, infoAfter, RECLAIMED).reclaimed().explanation())
                .endsWith("at least, as 1,200 values still wait to be freed");
    }

    @Test
    void flow_moreDeletedThanCreated_isNegative() {
        String infoAfter = infoText(/* usedKilobytes= */ 55_000, /* keys= */ 500, /* expired= */ 400, /* evicted= */ 0);

        assertThat(flow(INFO_BEFORE, infoAfter, RECLAIMED))
                .isEqualTo(new KeyFlow(/* inflow= */ -100, /* expiredElsewhere= */ 0, /* evicted= */ 0));
    }

    @Test
    void flow_otherProcessOrResetOrMissingCounter_isUnknown() {
        // Another process answers after the sweep.
        assertThat(flow(INFO_BEFORE, INFO_AFTER.replace("run_id:a", "run_id:b"), RECLAIMED))
                .isNull();

        // A counter was reset: it is smaller than the number of reclaimed keys, or smaller than before.
        assertThat(flow(INFO_BEFORE, INFO_AFTER.replace("expired_keys:400", "expired_keys:399"), RECLAIMED))
                .isNull();
        assertThat(flow(INFO_BEFORE.replace("evicted_keys:0", "evicted_keys:9"), INFO_AFTER, RECLAIMED))
                .isNull();

        // The server does not report a counter.
        assertThat(flow(INFO_BEFORE, INFO_AFTER.replace("expired_keys:400", ""), RECLAIMED))
                .isNull();
    }

    @Test
    void flow_keyspaceLeftOutOfInfo_isUnknown() {
        String infoBefore = INFO_BEFORE.replaceAll("db0.*", "");
        String infoAfter = INFO_AFTER.replaceAll("db0.*", "");

        assertThat(flow(infoBefore, infoAfter, RECLAIMED)).isNull();
    }

    @Test
    void memory_missingFields_areZero() {
        ServerMemory memory = ServerMemory.of(info("used_memory:7\nmem_fragmentation_ratio:nan"));

        assertThat(memory)
                .isEqualTo(new ServerMemory(
                        /* usedBytes= */ 7,
                        /* keyBytes= */ 7,
                        /* datasetBytes= */ 0,
                        /* rssBytes= */ 0,
                        /* fragmentationRatio= */ 0,
                        /* lazyFreePending= */ 0,
                        /* allocator= */ "",
                        /* runId= */ ""));
    }

    /** Returns the report of a sweep that has reclaimed keys, from the replies to INFO before and after it. */
    private static MemoryReport report(String before, String after, long reclaimed) {
        return MemoryReport.of(info(before), info(after), reclaimed, /* purge= */ null);
    }

    /** Returns how many keys others have created or removed during the sweep. */
    private static @Nullable KeyFlow flow(String before, String after, long reclaimed) {
        return report(before, after, reclaimed).flow();
    }

    private static ServerInfo info(String text) {
        return ServerInfo.parse(text);
    }

    /**
     * Returns a reply to INFO.
     *
     * @param usedKilobytes the used memory, kB
     * @param keys the number of keys
     * @param expired the counter of expired keys
     * @param evicted the counter of evicted keys
     */
    private static String infoText(long usedKilobytes, long keys, long expired, long evicted) {
        return """
                run_id:a
                used_memory:%d
                used_memory_startup:5000000
                expired_keys:%d
                evicted_keys:%d
                db0:keys=%d,expires=0,avg_ttl=0
                """.formatted(usedKilobytes * 1_000, expired, evicted, keys);
    }
}
