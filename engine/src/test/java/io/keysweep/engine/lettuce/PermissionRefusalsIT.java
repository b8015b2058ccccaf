package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.PrimarySweeper;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.sweep.Timing;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the refusals of servers that deny the user access, a command or a database. */
final class PermissionRefusalsIT {

    @AutoClose
    private static final SweepEngine engine = new PrimarySweeper(
            new LettuceConnector(Duration.ofMinutes(1), Duration.ofMinutes(1)), Timing.system(), new Random(1));

    private final InspectionRefusals refusals = new InspectionRefusals(engine);

    /** Returns all versions, also the one that is too old. */
    static List<RedisVersion> everyVersion() {
        return Stream.concat(Stream.of(RedisVersion.REDIS_2_8), RedisVersion.all().stream())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("everyVersion")
    void inspect_noPasswordGiven_requiresAuthentication(RedisVersion version) {
        try (RedisServer server = RedisServer.start(version, "--requirepass", "secret")) {
            refusals.assertRefused(server, Reason.AUTHENTICATION_REQUIRED, "NOAUTH");
        }
    }

    @ParameterizedTest
    @MethodSource("everyVersion")
    void inspect_wrongPassword_isWrongCredentials(RedisVersion version) {
        try (RedisServer server = RedisServer.start(version, "--requirepass", "secret")) {
            refusals.assertRefused(server, /* user= */ null, "other", Reason.WRONG_CREDENTIALS, "password");
        }
    }

    @ParameterizedTest
    @MethodSource("everyVersion")
    void inspect_passwordForServerWithoutOne_isWrongCredentials(RedisVersion version) {
        try (RedisServer server = RedisServer.start(version)) {
            refusals.assertRefused(server, /* user= */ null, "other", Reason.WRONG_CREDENTIALS, "password");
        }
    }

    @ParameterizedTest
    @MethodSource("everyVersion")
    void inspect_unknownUser_isWrongCredentials(RedisVersion version) {
        try (RedisServer server = RedisServer.start(version)) {
            refusals.assertRefused(server, "nobody", "other", Reason.WRONG_CREDENTIALS, "user or password");
        }
    }

    @ParameterizedTest
    @CsvSource({"scan, SCAN", "dbsize, DBSIZE", "info, INFO", "select, SELECT"})
    void inspect_forbiddenCommand_isNamedWithTheRemedy(String denied, String commandInMessage) {
        for (RedisVersion version : RedisVersion.supported()) {
            try (RedisServer server = RedisServer.start(version);
                    RespClient client = server.client()) {
                KeySpace.withExpiryOff(client).plant(/* db= */ 1, /* live= */ 1, /* dead= */ 0);
                client.call("ACL", "SETUSER", "sweeper", "on", ">secret", "+@all", "-" + denied);
                refusals.assertRefused(
                        server,
                        "sweeper",
                        "secret",
                        Reason.COMMAND_FORBIDDEN,
                        commandInMessage,
                        "ACL SETUSER sweeper +info +select +eval +scan +dbsize +time");
            }
        }
    }

    @Test
    void read_infoForbidden_isNamedWithTheRemedy() {
        try (RedisServer server = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = server.client()) {
            client.call("ACL", "SETUSER", "sweeper", "on", ">secret", "+@all", "-info");
            Deployment deployment = DeploymentUri.parse(server.uri(), "sweeper", "secret");

            assertThatExceptionOfType(NodeRefusedException.class)
                    .isThrownBy(() -> engine.read(deployment, new NodeAddress("127.0.0.1", server.port())))
                    .matches(e -> e.reason() == Reason.COMMAND_FORBIDDEN)
                    .withMessageContaining("ACL SETUSER sweeper +info +select");
        }
    }

    @Test
    void inspect_databaseDeniedToTheUser_isNamedWithTheRemedy() {
        try (RedisServer server = RedisServer.start(RedisVersion.VALKEY_9);
                RespClient client = server.client()) {
            KeySpace.withExpiryOff(client)
                    .plant(/* db= */ 0, /* live= */ 1, /* dead= */ 0)
                    .plant(/* db= */ 3, /* live= */ 1, /* dead= */ 0);
            client.call("ACL", "SETUSER", "sweeper", "on", ">secret", "+@all", "db=0");
            refusals.assertRefused(
                    server,
                    "sweeper",
                    "secret",
                    Reason.COMMAND_FORBIDDEN,
                    "to access database 3",
                    "ACL SETUSER sweeper alldbs");
            // The test applies the remedy of the message.
            client.call("ACL", "SETUSER", "sweeper", "alldbs");

            assertThat(engine.inspect(DeploymentUri.parse(server.uri(), "sweeper", "secret"))
                            .totalKeys())
                    .isEqualTo(2);
        }
    }

    /** The columns are the permitted and the denied database, and the live and dead keys of the permitted one. */
    @ParameterizedTest
    @CsvSource({"0, 3, 10, 20", "3, 0, 11, 25"})
    void sweep_deniedDatabasesSkipped_sweepsThePermittedDatabases(int permitted, int denied, long live, long dead)
            throws InterruptedException {
        try (RedisServer server = RedisServer.start(RedisVersion.VALKEY_9);
                RespClient client = server.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client)
                    .plant(/* db= */ 0, /* live= */ 10, /* dead= */ 20)
                    .plant(/* db= */ 3, /* live= */ 11, /* dead= */ 25);
            client.call("ACL", "SETUSER", "sweeper", "on", ">secret", "+@all", "db=" + permitted);
            EventLog log = new EventLog();

            SweepReport report = engine.sweep(
                    SweepRequest.of(DeploymentUri.parse(server.uri(), "sweeper", "secret"), PacePolicy.GENTLE)
                            .withDeniedDatabasesSkipped(true),
                    new SweepControl(),
                    log);

            assertThat(report.reclaimed()).isEqualTo(dead);
            assertThat(report.exact()).isTrue();
            assertThat(keys.size(permitted)).isEqualTo(live);
            // The two databases have 66 keys, and nothing is removed from the denied one.
            assertThat(keys.size(denied)).isEqualTo(66 - live - dead);
            assertThat(log.events())
                    .filteredOn(SweepEvent.Started.class::isInstance)
                    .singleElement()
                    .matches(event -> ((SweepEvent.Started) event)
                            .summary()
                            .skippedDatabases()
                            .equals(new TreeSet<>(List.of(denied))));
        }
    }

    @Test
    void inspect_onlyDatabaseDenied_isNamed() {
        try (RedisServer server = RedisServer.start(RedisVersion.VALKEY_9);
                RespClient client = server.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 1, /* dead= */ 0);
            client.call("ACL", "SETUSER", "sweeper", "on", ">secret", "+@all", "db=3");
            refusals.assertRefused(server, "sweeper", "secret", Reason.COMMAND_FORBIDDEN, "to access database 0");
        }
    }
}
