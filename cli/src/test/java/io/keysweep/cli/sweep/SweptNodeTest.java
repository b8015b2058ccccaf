package io.keysweep.cli.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepReport.Ending;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Tests the JSON of one server in the result of {@code keysweep sweep --json}. */
final class SweptNodeTest {

    @Test
    void toJson_anyReport_isOneLineInAFixedOrder() {
        SweepReport report = Reports.report(Ending.COMPLETED, /* exact= */ true);
        assertThat(JsonMapper.builder().build().writeValueAsString(SweptNode.of(report, /* failure= */ null)))
                .isEqualTo("{\"nodeId\":\"127.0.0.1:6379\",\"round\":1,\"slots\":\"0-16383\",\"covered\":\"0-16383\","
                        + "\"visited\":300000,\"reclaimed\":100000,\"exact\":true,\"failure\":null,"
                        + "\"ending\":\"COMPLETED\",\"steps\":1234,\"seconds\":1.5,\"keysPerSecond\":200000,"
                        + "\"longestStallMs\":1.235,"
                        + "\"profile\":{\"flavour\":\"REDIS\",\"version\":\"7.0.15\",\"runId\":\"0f\","
                        + "\"clusterEnabled\":false,\"lazyFree\":true,\"method\":\"script\","
                        + "\"methodReason\":\"scripts are allowed\"},"
                        + "\"memory\":{\"before\":{\"usedBytes\":43201331,\"keyBytes\":42201331,"
                        + "\"datasetBytes\":40000000,\"rssBytes\":60000000,\"fragmentationRatio\":1.39,"
                        + "\"lazyFreePending\":0,\"allocator\":\"jemalloc-5.3.0\",\"runId\":\"0f\"},"
                        + "\"after\":{\"usedBytes\":29254222,\"keyBytes\":28254222,"
                        + "\"datasetBytes\":26000000,\"rssBytes\":58000000,\"fragmentationRatio\":1.98,"
                        + "\"lazyFreePending\":0,\"allocator\":\"jemalloc-5.3.0\",\"runId\":\"0f\"},"
                        + "\"keysBefore\":{\"keys\":{\"0\":210000,\"3\":110000},"
                        + "\"expires\":{\"0\":100000,\"3\":20000},\"expirableHashes\":0},"
                        + "\"keysAfter\":{\"keys\":{\"0\":120000,\"3\":100488},"
                        + "\"expires\":{\"0\":10000,\"3\":10000},\"expirableHashes\":0},"
                        + "\"flow\":{\"inflow\":500,\"expiredElsewhere\":12,\"evicted\":0},"
                        + "\"reclaimed\":{\"bytes\":13947109,\"method\":\"MEASURED\","
                        + "\"explanation\":\"measured as the fall in key memory\"},\"purge\":null,"
                        + "\"oneOfSeveral\":false},"
                        + "\"databases\":[{\"db\":0,\"visited\":200000,\"reclaimed\":90000,\"coverage\":\"VISITED\"},"
                        + "{\"db\":3,\"visited\":100000,\"reclaimed\":10000,\"coverage\":\"VISITED\"}]}");
    }
}
