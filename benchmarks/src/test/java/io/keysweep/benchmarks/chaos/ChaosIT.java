package io.keysweep.benchmarks.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.ServiceJvm;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Runs {@code dev/chaos} and {@code dev/chaos api} at the same time, for a short time, with the packaged service. */
@Execution(ExecutionMode.CONCURRENT)
class ChaosIT {

    private static final List<String> SERVICE = ServiceJvm.packaged();

    /** The seed of all random choices; any seed will do. */
    private static final int SEED = 7;

    /** The number of scans. 80 scans last as long as the faults; a full run has more. */
    private static final int SCANS = Boolean.getBoolean("keysweep.full") ? 200 : 80;

    @Test
    void scans_whileProcessesAndDatabaseFail_endOnceAndCountExactly() throws Exception {
        List<Fault> faults = List.of(Fault.KILL, Fault.KILL, Fault.FREEZE, Fault.DATABASE_CRASH, Fault.HOLD);
        ChaosSpec spec = new ChaosSpec(
                SERVICE,
                SEED,
                SCANS,
                /* instances= */ 6,
                /* processes= */ 2,
                RedisVersion.REDIS_7_0,
                /* limit= */ Duration.ofMinutes(15),
                faults,
                /* gap= */ Duration.ofSeconds(3));
        ChaosResult result = new ChaosRun(spec, /* logs= */ null).run("ChaosIT");

        assertThat(result.findings()).isEmpty();
        assertThat(result.found().get("scans with one terminal state")).isGreaterThanOrEqualTo(SCANS);
        assertThat(result.injected().values().stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .isGreaterThanOrEqualTo(faults.size());
    }

    @Test
    void calls_whileProcessesAreKilled_areAnsweredAndNoScanIsLost() throws Exception {
        LoadRun load = new LoadRun(
                SERVICE,
                SEED,
                /* time= */ Duration.ofSeconds(6),
                /* callers= */ 4,
                /* instances= */ 3,
                /* gap= */ Duration.ofMillis(1500),
                /* logs= */ null);
        ChaosResult result = load.run("ChaosIT");

        assertThat(result.findings()).isEmpty();
        assertThat(result.found().get("creates answered")).isPositive();
    }
}
