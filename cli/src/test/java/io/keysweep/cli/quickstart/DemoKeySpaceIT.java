package io.keysweep.cli.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.engine.lettuce.LettuceEngine;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests on real servers that the quickstart plants its demo keys and removes exactly these. */
final class DemoKeySpaceIT {

    /** The number of keys without a TTL, no multiple of the 500 keys of a batch, so that the last batch is not full. */
    private static final int PERSISTENT = 1_201;

    /** The number of keys that expire, also no multiple of a batch. */
    private static final int EXPIRING = 603;

    private static final DemoKeys KEYS = new DemoKeys("keysweep-demo:it:", PERSISTENT, EXPIRING);

    private final NodeConnector connector = LettuceEngine.connector();

    @AfterEach
    void close() {
        connector.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"REDIS_6_0", "REDIS_7_0", "REDIS_8_0", "VALKEY_9"})
    void plant_onAnyServer_plantsLivingAndDeadKeys(RedisVersion version) throws InterruptedException {
        try (RedisServer redis = RedisServer.start(version);
                RespClient client = redis.client()) {
            client.call("SET", "of somebody else", "v");
            DemoKeySpace keySpace = keySpace(redis, /* password= */ null);

            assertThat(keySpace.setActiveExpiry(/* enabled= */ false)).isTrue();
            keySpace.plant();

            assertThat(keySpace.size()).isEqualTo(1 + PERSISTENT + EXPIRING);
            assertThat(keySpace.countPersistentKeys()).isEqualTo(PERSISTENT);
            assertThat(keySpace.reclaimDeadKeys()).isEqualTo(EXPIRING);
            assertThat(keySpace.reclaimDeadKeys()).isZero();
        }
    }

    @Test
    void remove_afterPlanting_leavesOnlyKeysOfOthers() throws InterruptedException {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = redis.client()) {
            client.call("SET", "of somebody else", "v");
            DemoKeySpace keySpace = keySpace(redis, /* password= */ null);
            keySpace.setActiveExpiry(/* enabled= */ false);
            keySpace.plant();

            keySpace.remove();

            assertThat(client.callLong("DBSIZE")).isEqualTo(1);
            assertThat(client.callText("GET", "of somebody else")).isEqualTo("v");
        }
    }

    @Test
    void setActiveExpiry_debugForbidden_returnsFalse() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0, "--enable-debug-command", "no")) {
            assertThat(keySpace(redis, /* password= */ null).setActiveExpiry(/* enabled= */ false))
                    .isFalse();
        }
    }

    @Test
    void plant_wrongPassword_isDenied() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0, "--requirepass", "secret")) {
            DemoKeySpace keySpace = keySpace(redis, "guess");

            assertThatThrownBy(keySpace::plant)
                    .isInstanceOfSatisfying(
                            NodeRefusedException.class,
                            refusal -> assertThat(refusal.reason()).isEqualTo(Reason.WRONG_CREDENTIALS))
                    .hasMessageNotContaining("guess");
        }
    }

    @Test
    void plant_noPassword_isDenied() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0, "--requirepass", "secret")) {
            DemoKeySpace keySpace = keySpace(redis, /* password= */ null);

            assertThatThrownBy(keySpace::plant)
                    .isInstanceOfSatisfying(
                            CommandFailure.class,
                            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.DENIED))
                    .hasMessageContaining("refuses DBSIZE: NOAUTH");
        }
    }

    @Test
    void plant_rightPassword_isAccepted() throws InterruptedException {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0, "--requirepass", "secret")) {
            DemoKeySpace keySpace = keySpace(redis, "secret");

            keySpace.plant();

            assertThat(keySpace.countPersistentKeys()).isEqualTo(PERSISTENT);
        }
    }

    @Test
    void plant_interrupted_endsAndTheKeysCanBeRemoved() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = redis.client()) {
            DemoKeySpace keySpace = keySpace(redis, /* password= */ null);

            Thread.currentThread().interrupt();

            assertThatThrownBy(keySpace::plant).isInstanceOf(InterruptedException.class);
            assertThat(client.callLong("DBSIZE")).isPositive();

            keySpace.remove();
            assertThat(client.callLong("DBSIZE")).isZero();
        }
    }

    @Test
    void plant_outOfMemory_failsWithTheServersReply() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0, "--maxmemory", "1")) {
            DemoKeySpace keySpace = keySpace(redis, /* password= */ null);

            assertThatThrownBy(keySpace::plant)
                    .isInstanceOf(CommandFailure.class)
                    .hasMessageContaining("refuses MSET: OOM");
        }
    }

    @Test
    void size_noServer_isUnreachable() {
        RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
        redis.close();
        DemoKeySpace keySpace = keySpace(redis, /* password= */ null);

        assertThatThrownBy(keySpace::size)
                .isInstanceOfSatisfying(
                        NodeRefusedException.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(Reason.UNREACHABLE));
    }

    private DemoKeySpace keySpace(RedisServer redis, @Nullable String password) {
        return new DemoKeySpace(
                connector,
                (Deployment.Standalone) DeploymentUri.parse(redis.uri(), /* username= */ null, password),
                KEYS);
    }
}
