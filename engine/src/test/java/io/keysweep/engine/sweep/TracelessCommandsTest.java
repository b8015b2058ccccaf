package io.keysweep.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.link.ServerInfo;
import org.junit.jupiter.api.Test;

/**
 * Tests which calls of commands are counted as traceless: they may have expired keys, and no other counter shows it.
 */
final class TracelessCommandsTest {

    /** A reply to INFO with 5 calls of commands that write, 100 of one that reads, and 11,000 that expire nothing. */
    private static final ServerInfo INFO = ServerInfo.parse("""
            # Commandstats
            cmdstat_del:calls=2,usec=9,usec_per_call=4.50,rejected_calls=0,failed_calls=0
            cmdstat_json.del:calls=3,usec=9,usec_per_call=4.50
            cmdstat_get:calls=100,usec=9,usec_per_call=0.09
            cmdstat_config|get:calls=1000,usec=9,usec_per_call=0.01
            cmdstat_scan:calls=10000,usec=9,usec_per_call=0.01
            cmdstat_broken:calls=many
            """);

    @Test
    void calls_ofCommandsThatMayExpireKeys_areAdded() {
        assertThat(TracelessCommands.calls(INFO, /* readsLeaveTraces= */ true)).isEqualTo(5);
    }

    @Test
    void calls_whereReadsLeaveNoTrace_includeReads() {
        assertThat(TracelessCommands.calls(INFO, /* readsLeaveTraces= */ false)).isEqualTo(105);
    }

    @Test
    void calls_notReported_areNone() {
        assertThat(TracelessCommands.calls(ServerInfo.parse("redis_version:7.0.15"), /* readsLeaveTraces= */ true))
                .isZero();
    }
}
