package io.keysweep.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keysweep.engine.sweep.SweepReport.Ending;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import org.junit.jupiter.api.Test;

/**
 * Tests the check at the end of a sweep that SCAN has returned about as many keys as the server has.
 *
 * <p>{@code request} sweeps {@code server}, whose database has {@link #LIVE} live and {@link #DEAD} dead keys.
 */
final class CoverageCheckTest extends SweepTestCase {

    @Test
    void sweep_keySpaceGrowsMeanwhile_completes() throws InterruptedException {
        // Another client writes 300 keys before every second step.
        server.beforeStep = step -> server.write(step % 2 == 0 ? 300 : 0);

        SweepReport report = sweep(request);

        assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(report.visited()).isGreaterThan(LIVE + DEAD);
        assertThat(report.exact()).isTrue();
    }

    @Test
    void sweep_keysDeletedMeanwhile_completes() throws InterruptedException {
        // At step 20, another client deletes seven of eight keys.
        server.beforeStep = step -> {
            if (step == 20) {
                server.table.removeIf(key -> key % 8 != 0);
                server.dead.removeIf(key -> key % 8 != 0);
            }
        };
        assertThat(sweep(request).ending()).isEqualTo(Ending.COMPLETED);
    }

    @Test
    void sweep_scanSkipsKeys_failsWithTheCounts() {
        // DBSIZE counts these keys, but SCAN never returns them.
        server.hiddenKeys = 30_000;

        assertThatExceptionOfType(NodeRefusedException.class)
                .isThrownBy(() -> sweep(request))
                .matches(e -> e.reason() == Reason.NOT_COVERABLE)
                .withMessageContaining("SCAN has returned only");
        assertThat(events.getLast())
                .isInstanceOfSatisfying(
                        SweepEvent.Failed.class,
                        failed -> assertThat(failed.report().reclaimed()).isEqualTo(DEAD));
    }
}
