package io.keysweep.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that a Sentinel deployment for tests promotes its replica, on real servers. */
@Execution(ExecutionMode.CONCURRENT)
final class RedisSentinelIT {

    @ParameterizedTest
    @EnumSource(names = {"REDIS_6_0", "VALKEY_9"})
    void sentinel_failover_promotesReplica(RedisVersion version) {
        try (RedisSentinel deployment = RedisSentinel.start(version, /* replicas= */ 1, /* sentinelPassword= */ null)) {
            RedisServer formerPrimary = deployment.primary();
            assertThat(formerPrimary).isSameAs(deployment.servers().getFirst());

            deployment.failover();
            assertThat(deployment.primary()).isSameAs(deployment.servers().getLast());
        }
    }

    @Test
    void sentinel_primaryKilled_promotesReplica() {
        try (RedisSentinel deployment = RedisSentinel.start(RedisVersion.REDIS_7_0, /* replicas= */ 2, "secret")) {
            RedisServer formerPrimary = deployment.primary();
            formerPrimary.kill();
            deployment.awaitPrimaryOtherThan(formerPrimary);

            assertThat(deployment.primary()).isNotSameAs(formerPrimary);
        }
    }
}
