package io.keysweep.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.pacing.Signal;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests the signals of load that are calculated from readings of INFO. */
final class ServerLoadTest {

    private final ServerLoad load = new ServerLoad();

    @Test
    void update_nothingReported_hasNoSignal() {
        assertThat(signalsAt(0, "role:master")).isEmpty();
        assertThat(signalsAt(1, "role:master")).isEmpty();
        assertThat(load.sustainableFactor()).isEmpty();
    }

    @Test
    void update_mainThreadCpu_leavesOutTheTimeOfSteps() {
        signalsAt(
                0,
                "used_cpu_user:50.0\nused_cpu_sys:9.0\nused_cpu_user_main_thread:10.0\nused_cpu_sys_main_thread:1.0");
        Map<Signal, Double> signals = signals(
                2,
                "used_cpu_user:60.0\nused_cpu_sys:9.9\nused_cpu_user_main_thread:10.8\nused_cpu_sys_main_thread:1.4",
                Duration.ofMillis(200));

        // The main thread was busy for 1.2 s of 2 s, of which 0.2 s were steps.
        assertThat(signals.get(Signal.CPU)).isCloseTo(0.5, within(1e-9));
    }

    @Test
    void update_olderServer_usesCpuOfTheProcess() {
        signalsAt(0, "used_cpu_user:50.0\nused_cpu_sys:9.0");
        assertThat(signalsAt(1, "used_cpu_user:50.25\nused_cpu_sys:9.25").get(Signal.CPU))
                .isCloseTo(0.5, within(1e-9));
    }

    @Test
    void update_evictions_arePerSecondSinceLastReading() {
        assertThat(signalsAt(0, "evicted_keys:1000")).doesNotContainKey(Signal.EVICTIONS);
        assertThat(signalsAt(2, "evicted_keys:1500").get(Signal.EVICTIONS)).isEqualTo(250);
        assertThat(signalsAt(3, "evicted_keys:0").get(Signal.EVICTIONS)).isZero();
    }

    @Test
    void update_buffersAndOperations_areAsReported() {
        assertThat(signalsAt(0, "client_recent_max_output_buffer:20480\ninstantaneous_ops_per_sec:77"))
                .containsEntry(Signal.OUTPUT_BUFFER, 20_480.0)
                .containsEntry(Signal.OPERATIONS, 77.0);
    }

    @Test
    void update_severalReplicas_usesTheSlowestOnline() {
        String info = """
                master_repl_offset:%d
                slave0:ip=10.0.0.1,port=6379,state=online,offset=9900,lag=0
                slave1:ip=10.0.0.2,port=6379,state=online,offset=4000,lag=2,type=replica
                slave2:ip=10.0.0.3,port=6379,state=send_bulk,offset=0,lag=0
                slave3:ip=10.0.0.4,port=6379,state=online,offset=0,lag=0
                """;
        signalsAt(0, info.formatted(10_000));

        // By second 2, a replica should have confirmed the 10,000 bytes of the first reading. The slowest has 4,000.
        assertThat(signalsAt(2, info.formatted(20_000)))
                .containsEntry(Signal.REPLICA_LAG, 6_000.0)
                .containsEntry(Signal.REPLICA_SILENCE, 2.0);
    }

    @Test
    void update_synchronisingReplicas_areCounted() {
        String info = """
                master_repl_offset:10000
                slave0:ip=10.0.0.1,port=6379,state=wait_bgsave,offset=0,lag=0
                slave1:ip=10.0.0.2,port=6379,state=online,offset=0,lag=3
                slave2:ip=10.0.0.3,port=6379,state=send_bulk_and_stream,offset=0,lag=0,type=rdb-channel
                """;
        assertThat(signalsAt(0, info)).isEqualTo(Map.of(Signal.REPLICA_SYNC, 3.0));
        assertThat(signalsAt(2, "role:master")).doesNotContainKey(Signal.REPLICA_SYNC);
    }

    /** Returns the signals after a reading of INFO at a second, if the sweep has not kept the server busy. */
    private Map<Signal, Double> signalsAt(long second, String info) {
        return signals(second, info, /* ownBusy= */ Duration.ZERO);
    }

    /**
     * Returns the signals after a reading of INFO at a second.
     *
     * @param ownBusy the time that the steps of the sweep took since the previous reading
     */
    private Map<Signal, Double> signals(long second, String info, Duration ownBusy) {
        // The sweep has always used the full factor, so the sum of factor × seconds is the time.
        return load.update(
                ServerInfo.parse(info),
                Duration.ofSeconds(second).toNanos(),
                ownBusy,
                /* factorSeconds= */ (double) second);
    }
}
