package io.keysweep.cli.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.sweep.SweepReport.Ending;
import org.junit.jupiter.api.Test;

final class SweepDocumentTest {

    @Test
    void toJson_anyReport_isOneLineInAFixedOrder() {
        assertThat(SweepDocument.of(Reports.report(Ending.COMPLETED, /* exact= */ true))
                        .toJson())
                .isEqualTo("{\"nodeId\":\"127.0.0.1:6379\","
                        + "\"profile\":{\"flavour\":\"REDIS\",\"version\":\"7.0.15\",\"runId\":\"0f\","
                        + "\"clusterEnabled\":false,\"lazyFree\":true,\"method\":\"script\","
                        + "\"methodReason\":\"scripts are allowed\"},"
                        + "\"ending\":\"COMPLETED\",\"visited\":300000,\"reclaimed\":100000,\"exact\":true,"
                        + "\"steps\":1234,\"seconds\":1.5,\"keysPerSecond\":200000,\"longestStallMs\":1.235,"
                        + "\"usedMemoryBefore\":43201331,\"usedMemoryAfter\":29254222,"
                        + "\"databases\":[{\"db\":0,\"visited\":200000,\"reclaimed\":90000},"
                        + "{\"db\":3,\"visited\":100000,\"reclaimed\":10000}]}");
    }
}
