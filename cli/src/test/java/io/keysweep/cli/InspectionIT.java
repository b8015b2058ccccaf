package io.keysweep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.TestShell;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.Replication;
import io.keysweep.testkit.RespClient;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs {@code keysweep doctor} and {@code keysweep estimate} on real servers, through the whole command line. */
final class InspectionIT {

    private final TestShell shell = new TestShell();

    @Test
    void doctor_json_hasTheFindings() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0)) {
            assertThat(run("doctor", "--json", redis.uri())).isZero();

            JsonNode document = JsonMapper.builder().build().readTree(shell.out());
            assertThat(document.get("sweepable").booleanValue()).isTrue();
            assertThat(document.get("findings").findValuesAsString("id")).contains("lazyfree-off", "nothing-expires");
        }
    }

    @Test
    void doctor_replica_isAProblemAndExitsWithFive() {
        try (RedisServer primary = RedisServer.start(RedisVersion.REDIS_6_0);
                RedisServer replica = RedisServer.start(
                        RedisVersion.REDIS_6_0, "--replicaof", "127.0.0.1", Integer.toString(primary.port()));
                RespClient primaryClient = primary.client();
                RespClient replicaClient = replica.client()) {
            // A replica that still loads its data set would be refused because it loads.
            Replication.awaitSynchronised(primaryClient, replicaClient);
            assertThat(run("doctor", replica.uri())).isEqualTo(ExitCode.NOT_SWEEPABLE.number());

            assertThat(shell.out()).contains("cannot be swept.").contains("PROBLEM  replica: ");
        }
    }

    @Test
    void doctor_noPassword_isDenied() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0, "--requirepass", "secret")) {
            assertThat(run("doctor", redis.uri())).isEqualTo(ExitCode.DENIED.number());
            assertThat(shell.out()).isEmpty();
        }
    }

    @Test
    void estimate_primaryWithoutReplica_isRefusedUnlessAllowed() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = redis.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 300, /* dead= */ 200);

            assertThat(run("estimate", redis.uri())).isEqualTo(ExitCode.USAGE.number());
            assertThat(shell.err()).contains("--sample-primary").doesNotContain("Exception");
            assertThat(keys.size(0)).isEqualTo(500);

            assertThat(run("estimate", "--exact", redis.uri())).isEqualTo(ExitCode.USAGE.number());
            assertThat(shell.err()).contains("--exact");
            assertThat(keys.size(0)).isEqualTo(500);

            assertThat(run("estimate", "--sample-primary", redis.uri())).isZero();
            assertThat(shell.out()).contains("about 200").contains("sampling has reclaimed 200 of the dead keys");
        }
    }

    private int run(String... arguments) {
        return KeysweepCommand.run(shell.context(), arguments);
    }
}
