package io.keysweep.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.server.TestService.Credentials;
import io.keysweep.testkit.ServiceExit;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Tests the files that the first start creates, and that only their owner can read secrets. */
@ResourceLock("java.lang.System.out")
class FirstStartIT {

    @TempDir
    private Path home;

    @Test
    void files_ofAFirstStart_areReadableForTheirOwnerOnly() throws IOException {
        // The folder exists before the start and is readable for everybody.
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        String password = "only-for-the-instance";
        Credentials key;
        try (TestService service = TestService.startFromNothing(home)) {
            key = service.administrator();
            service.register(
                    key,
                    new JsonMapper()
                            .createObjectNode()
                            .put("name", "secret")
                            .put("uri", "redis://127.0.0.1:1")
                            .put("password", password));
            assertThat(service.call(key, "GET", "/api/v1/instances", "")
                            .response()
                            .body())
                    .contains("\"secret\"")
                    .doesNotContain(password);
        }

        // Only the owner can read the files, and the database contains no secret in plain text.
        try (Stream<Path> files = Files.list(home)) {
            List<Path> createdFiles = files.toList();
            assertThat(createdFiles)
                    .extracting(file -> file.getFileName().toString())
                    .contains("credentials", "master.key");

            for (Path file : createdFiles) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .as(file.toString())
                        .isEqualTo("rw-------");
            }
        }
        assertThat(Files.readString(home.resolve("keysweep.mv.db"), StandardCharsets.ISO_8859_1))
                .contains(key.accessKey())
                .doesNotContain(key.secretKey())
                .doesNotContain(password);

        // The second start finds the key.
        try (TestService restarted = TestService.startFromNothing(home)) {
            assertThat(restarted.administrator()).isEqualTo(key);
            assertThat(restarted.call(key, "GET", "/api/v1/instances", "").status())
                    .isEqualTo(200);
        }

        // A start is refused if others can read the master key.
        Files.setPosixFilePermissions(home.resolve("master.key"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> TestService.startFromNothing(home)).hasStackTraceContaining("master.key");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // The build that created the database had another script for version 2 of the tables.
                "update \"flyway_schema_history\" set \"checksum\" = 1 where \"version\" = '2'",
                // A newer build has migrated the database, and was then replaced by this one.
                "insert into \"flyway_schema_history\" (\"installed_rank\", \"version\", \"description\", \"type\","
                        + " \"script\", \"checksum\", \"installed_by\", \"execution_time\", \"success\")"
                        + " values (9999, '9999', 'newer', 'SQL', 'V9999__newer.sql', 1, 'keysweep', 1, true)"
            })
    void start_onADatabaseOfAnotherBuild_isRefusedInOneSentence(String change) throws Exception {
        TestDatabase.prepareHome(home);
        try (Connection connection =
                        DriverManager.getConnection("jdbc:h2:file:" + home.resolve("keysweep"), "keysweep", "");
                Statement statement = connection.createStatement()) {
            statement.execute(change);
        }

        ServiceExit refusal = ServiceExit.ofRefusedStart(home, Map.of());

        assertThat(refusal.exitCode()).isEqualTo(ServiceExit.WRONG_SETTINGS);
        assertThat(refusal.output())
                .contains("Another build of Keysweep, whose tables this build cannot use, created the database.")
                .doesNotContain("\tat ");
    }

    /** A start that cannot succeed later exits with 2, because systemd does not repeat a start with that exit code. */
    @Test
    void start_withAMasterKeyThatOthersCanRead_exitsWith2_soThatItIsNotRepeated() throws Exception {
        TestDatabase.prepareHome(home);
        Path key = Files.write(home.resolve("master.key"), new byte[32]);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        ServiceExit refusal = ServiceExit.ofRefusedStart(home, Map.of());

        assertThat(refusal.output())
                .contains("is accessible to group or others")
                .doesNotContain("\tat ");
        assertThat(refusal.exitCode()).isEqualTo(ServiceExit.WRONG_SETTINGS);
    }

    /** The name of the syslog server can become known later. So the exit code is 1, and systemd repeats the start. */
    @Test
    void start_withASyslogServerOfUnknownName_exitsWith1_soThatItIsRepeated() throws Exception {
        TestDatabase.prepareHome(home);
        ServiceExit refusal =
                ServiceExit.ofRefusedStart(home, Map.of("KEYSWEEP_AUDIT_SYSLOG", "no-such-host.invalid:514"));

        assertThat(refusal.output()).contains("must be a host whose name this process can resolve");
        assertThat(refusal.exitCode()).isEqualTo(ServiceExit.FAILED);
    }

    /** The other program may end later. So the exit code is 1, and systemd repeats the start. */
    @ParameterizedTest
    @CsvSource({
        "KEYSWEEP_SERVER_PORT, server.address and server.port (--port)",
        "KEYSWEEP_METRICS_PORT, metrics.address and metrics.port"
    })
    void start_onAPortInUse_namesThePortAndItsSettings(String variable, String settings) throws Exception {
        TestDatabase.prepareHome(home);
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(other.getLocalPort());
            ServiceExit refusal = ServiceExit.ofRefusedStart(home, Map.of(variable, port));

            assertThat(refusal.output())
                    .endsWith("keysweep server cannot start:\n  - Another process uses port " + port
                            + " of 127.0.0.1. Stop that process, or choose another port: " + settings + ".\n")
                    .doesNotContain("WARN", "ERROR");
            assertThat(refusal.exitCode()).isEqualTo(ServiceExit.FAILED);
        }
    }

    @Test
    void start_onAnAddressOfAnotherMachine_namesTheAddress() throws Exception {
        TestDatabase.prepareHome(home);
        ServiceExit refusal = ServiceExit.ofRefusedStart(
                home, Map.of("KEYSWEEP_SERVER_ADDRESS", "192.0.2.1", "KEYSWEEP_SERVER_ALLOW_PLAIN_HTTP", "true"));

        assertThat(refusal.output())
                .contains("The service cannot listen on port 0 of 192.0.2.1: ")
                .contains("Choose another address or port: server.address and server.port (--port).")
                .doesNotContain("\tat ");
        assertThat(refusal.exitCode()).isEqualTo(ServiceExit.FAILED);
    }

    @Test
    void databaseFile_thatAnotherStartingProcessHasCreated_isNotReplaced() throws IOException {
        Path file = home.resolve("keysweep.mv.db");
        ServerMain.createPrivateFile(file);

        // The second process finds the file of the first process.
        ServerMain.createPrivateFile(file);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void start_thatFailsBeforeTheLogBegins_saysWhy() throws Exception {
        Files.writeString(home.resolve("keysweep.yaml"), "server.port: !!binary '*'");
        ServiceExit refusal = ServiceExit.ofRefusedStart(home, Map.of());

        assertThat(refusal.exitCode()).isEqualTo(ServiceExit.FAILED);
        assertThat(refusal.output())
                .contains("keysweep server cannot start:", "Illegal")
                .doesNotContain("\tat ");
    }
}
