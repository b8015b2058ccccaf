package io.keysweep.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.sweep.ReclaimedBytes.Method;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Tests how a memory report divides the change of a server's memory between a sweep and other clients.
 *
 * <p>Before the sweep the server's memory contains 1,000 keys of 100,000 bytes each, and 5,000,000 bytes that do not
 * belong to keys. The arguments of {@link #infoText} are the used memory in kB, the number of keys, and the counters of
 * expired and evicted keys.
 */
final class MemoryReportTest {

    /** The number of keys that most sweeps of these tests reclaim. */
    private static final int RECLAIMED = 400;

    private static final String BEFORE =
            infoText(/* usedKilobytes= */ 105_000, /* keys= */ 1_000, /* expired= */ 0, /* evicted= */ 0);

    @Test
    void reclaimed_noOtherActivity_isFallInKeyMemory() {
        MemoryReport report = report(BEFORE, infoText(65_000, 600, 400, 0), RECLAIMED);
        assertThat(report.flow()).isEqualTo(new KeyFlow(/* inflow= */ 0, /* expiredElsewhere= */ 0, /* evicted= */ 0));
        assertThat(report.reclaimed().method()).isEqualTo(Method.MEASURED);
        assertThat(report.reclaimed().bytes()).isEqualTo(40_000_000);
    }

    @Test
    void reclaimed_clientBuffersGrew_ignoresThem() {
        String after = infoText(165_000, 600, 400, 0) + "\nmem_clients_normal:100000000";
        assertThat(report(BEFORE, after, RECLAIMED).reclaimed().bytes()).isEqualTo(40_000_000);
    }

    @Test
    void reclaimed_newKeysCreated_isNetOfThem() {
        // 300 new keys of 100,000 bytes each, like all others.
        MemoryReport report = report(BEFORE, infoText(95_000, 900, 400, 0), RECLAIMED);
        assertThat(report.flow())
                .isEqualTo(new KeyFlow(/* inflow= */ 300, /* expiredElsewhere= */ 0, /* evicted= */ 0));
        assertThat(report.reclaimed().method()).isEqualTo(Method.NET_OF_FLOW);
        assertThat(report.reclaimed().bytes()).isEqualTo(40_000_000);
    }

    @Test
    void reclaimed_othersExpiredAndEvictedToo_isSweepsPartOfTheFall() {
        MemoryReport report = report(BEFORE, infoText(45_000, 400, 500, 100), RECLAIMED);
        assertThat(report.flow())
                .isEqualTo(new KeyFlow(/* inflow= */ 0, /* expiredElsewhere= */ 100, /* evicted= */ 100));
        assertThat(report.reclaimed().method()).isEqualTo(Method.NET_OF_FLOW);
        assertThat(report.reclaimed().bytes()).isEqualTo(40_000_000);
    }

    @Test
    void reclaimed_othersChangedMoreKeys_usesAverageKeyAndSaysSo() {
        MemoryReport report = report(BEFORE, infoText(565_000, 5_600, 400, 0), RECLAIMED);
        assertThat(report.flow())
                .isEqualTo(new KeyFlow(/* inflow= */ 5_000, /* expiredElsewhere= */ 0, /* evicted= */ 0));
        assertThat(report.reclaimed().method()).isEqualTo(Method.AVERAGE_KEY);
        assertThat(report.reclaimed().bytes()).isEqualTo(40_000_000);
        assertThat(report.reclaimed().explanation())
                .contains("400 reclaimed x 100,000 bytes", "others created or removed more keys");
    }

    @Test
    void reclaimed_liveValuesGrewMore_isNotNegative() {
        MemoryReport report = report(BEFORE, infoText(505_000, 600, 400, 0), RECLAIMED);
        assertThat(report.reclaimed().method()).isEqualTo(Method.AVERAGE_KEY);
        assertThat(report.reclaimed().bytes()).isEqualTo(40_000_000);
        assertThat(report.reclaimed().explanation()).contains("did not fall");
    }

    @Test
    void reclaimed_everyKey_isAllKeyMemory() {
        assertThat(report(BEFORE, infoText(5_000, 0, 1_000, 0), 1_000)
                        .reclaimed()
                        .bytes())
                .isEqualTo(100_000_000);
    }

    @Test
    void reclaimed_noKey_isZero() {
        assertThat(report(BEFORE, BEFORE, 0).reclaimed().bytes()).isZero();
    }

    @Test
    void reclaimed_tooLittleMemoryToMeasure_isUnknown() {
        MemoryReport report = report(infoText(5_900, 9_000, 0, 0), infoText(5_500, 5_000, 4_000, 0), 4_000);
        assertThat(report.reclaimed().method()).isEqualTo(Method.UNKNOWN);
        assertThat(report.reclaimed().bytes()).isNull();
    }

    @Test
    void reclaimed_smallPartOfMuchMemory_usesAverageKey() {
        MemoryReport report = report(BEFORE, infoText(104_900, 996, 4, 0), 4);
        assertThat(report.reclaimed().method()).isEqualTo(Method.AVERAGE_KEY);
        assertThat(report.reclaimed().bytes()).isEqualTo(400_000);
    }

    @Test
    void reclaimed_emptyAtStartAndUnreachableAtEnd_isUnknown() {
        assertThat(MemoryReport.of(info(infoText(5_000, 0, 0, 0)), null, 7, null)
                        .reclaimed())
                .matches(reclaimed -> reclaimed.bytes() == null && reclaimed.method() == Method.UNKNOWN);
    }

    @Test
    void reclaimed_valuesStillWaitToBeFreed_saysAtLeast() {
        String after = infoText(65_000, 600, 400, 0) + "\nlazyfree_pending_objects:1200";
        assertThat(report(BEFORE, after, RECLAIMED).reclaimed().explanation())
                .endsWith("at least, as 1,200 values still wait to be freed");
    }

    @Test
    void flow_moreDeletedThanCreated_isNegative() {
        assertThat(flow(BEFORE, infoText(55_000, 500, 400, 0), RECLAIMED))
                .isEqualTo(new KeyFlow(/* inflow= */ -100, /* expiredElsewhere= */ 0, /* evicted= */ 0));
    }

    @Test
    void flow_otherProcessOrResetOrMissingCounter_isUnknown() {
        String after = infoText(65_000, 600, 400, 0);
        assertThat(flow(BEFORE, after.replace("run_id:a", "run_id:b"), RECLAIMED)).isNull();
        assertThat(flow(BEFORE, after.replace("expired_keys:400", "expired_keys:399"), RECLAIMED))
                .isNull();
        assertThat(flow(BEFORE.replace("evicted_keys:0", "evicted_keys:9"), after, RECLAIMED))
                .isNull();
        assertThat(flow(BEFORE, after.replace("expired_keys:400", ""), RECLAIMED)).isNull();
    }

    @Test
    void flow_keyspaceLeftOutOfInfo_isUnknown() {
        String before = infoText(105_000, 0, 0, 0).replaceAll("db0.*", "");
        assertThat(flow(before, infoText(65_000, 0, 400, 0).replaceAll("db0.*", ""), RECLAIMED))
                .isNull();
    }

    @Test
    void memory_missingFields_areZero() {
        ServerMemory memory = ServerMemory.of(info("used_memory:7\nmem_fragmentation_ratio:nan"));
        assertThat(memory).isEqualTo(new ServerMemory(7, 7, 0, 0, 0, 0, "", ""));
    }

    /** Returns the report of a sweep that has reclaimed keys, from the replies to INFO before and after it. */
    private static MemoryReport report(String before, String after, long reclaimed) {
        return MemoryReport.of(info(before), info(after), reclaimed, null);
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
