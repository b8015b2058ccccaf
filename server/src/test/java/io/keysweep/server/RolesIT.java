package io.keysweep.server;

import static io.keysweep.testkit.Waits.await;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.kagkarlsson.scheduler.Scheduler;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.console.ConsoleClient;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/**
 * Tests processes with different roles, which share one PostgreSQL. A process with the role api runs during all tests.
 */
@ExtendWith(SharedServicesResolver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RolesIT {

    private Path home;
    private String database;
    private TestService service;

    @TempDir
    private Path folder;

    @BeforeAll
    void startApi(@TempDir Path api) throws Exception {
        home = api;
        database = TestDatabase.postgresUrl();
        service = TestService.start(home, Map.of("KEYSWEEP_DATABASE_URL", database, "KEYSWEEP_ROLES", "api"));
    }

    @AfterAll
    void stopApi() {
        service.close();
    }

    @Test
    void processes_withDifferentRoles_doOnlyTheirOwnWork() throws Exception {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0)) {
            int dead = 200;
            KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, /* live= */ 300, dead);
            Credentials key = service.administrator();
            String instanceId = service.register(key, "i", redis.uri());
            String scanId = service.call(key, "POST", "/api/v1/scans", "{\"instanceId\":\"" + instanceId + "\"}")
                    .id();

            // The process with the role api does not run the scan.
            assertThat(service.bean(Scheduler.class).getSchedulerState().isStarted())
                    .isFalse();
            assertThat(scan(scanId).get("status").asString()).isEqualTo("waiting");
            assertThat(workers()).hasSize(1);
            assertThat(workers().get(0).get("roles").toString()).isEqualTo("[\"api\"]");

            await("the process is alive")
                    .until(() -> workers().findValuesAsString("status").equals(List.of("alive")));

            // A process with the role worker runs the scan, and listens on no port.
            try (ConfigurableApplicationContext worker = ServerMain.start(List.of("--roles=worker"), secondProcess())) {
                assertThat(worker).isNotInstanceOf(WebServerApplicationContext.class);
                assertThat(folder.resolve("endpoint")).doesNotExist();
                assertThat(healthFile()).doesNotExist();
                JsonNode endedScan =
                        await("the scan has ended").until(() -> scan(scanId), scan -> scan.has("finishedAt"));
                assertThat(endedScan.get("status").asString()).isEqualTo("success");
                assertThat(endedScan.get("reclaimed").asLong()).isEqualTo(dead);
                assertThat(workers().valueStream().map(each -> each.get("roles").toString()))
                        .containsExactly("[\"api\"]", "[\"worker\"]");
            }

            // After its end, only the first process is listed.
            assertThat(workers()).hasSize(1);
            assertThat(home.resolve("endpoint")).exists();
        }
    }

    @Test
    void console_isServedOnlyByAProcessWithItsRole() throws Exception {
        // The process with the role api has no page of the console.
        for (String path : List.of("/console", "/console/sign-in", "/console/assets/console.css")) {
            assertThat(service.send("GET", path, Map.of(), "").errorCode())
                    .as(path)
                    .isEqualTo(ErrorCode.UNKNOWN_URL.code());
            assertThat(service.call(service.administrator(), "GET", path, "").status())
                    .as(path)
                    .isEqualTo(404);
        }

        // The path / leads to the documents of the API, also for a browser, because this process has no console.
        for (String accept : List.of("application/json", "text/html")) {
            assertThat(service.send("GET", "/", Map.of("Accept", accept), "")
                            .body()
                            .has("versions"))
                    .as(accept)
                    .isTrue();
        }

        // A process with the role console has the pages, and no API.
        try (ConfigurableApplicationContext context =
                ServerMain.start(List.of("--roles=console", "--port=0"), secondProcess())) {
            WebServerApplicationContext console = (WebServerApplicationContext) context;
            ConsoleClient client = new ConsoleClient(
                    "http://127.0.0.1:" + requireNonNull(console.getWebServer()).getPort());

            assertThat(client.signIn(service.administrator()).header("Location"))
                    .isEqualTo("/console");
            assertThat(client.get("/").header("Location")).isEqualTo("/console");
            assertThat(client.get("/console/workers").body()).contains("alive", ">api<", ">console<");

            for (String path : List.of(
                    "/docs", "/api/v1/openapi.json", "/api/v1/scans", "/v2/x/instances", "/v3/auth/tokens", "/v3")) {
                assertThat(client.get(path).status()).as(path).isEqualTo(404);
            }

            assertThat(folder.resolve("endpoint")).doesNotExist();
            assertThat(context.getBean(Scheduler.class).getSchedulerState().isStarted())
                    .isFalse();

            // If another process has replaced the health file, this process does not delete it.
            Files.writeString(healthFile(), "http://127.0.0.1:1\n");
        }
        assertThat(healthFile()).hasContent("http://127.0.0.1:1");
    }

    @Test
    void worker_withAMetricsPort_servesMetricsAndHealthOnly() throws Exception {
        Map<String, String> variables = new HashMap<>(secondProcess());
        variables.put("KEYSWEEP_METRICS_PORT", "0");
        variables.put("KEYSWEEP_SERVER_ADDRESS", "127.0.0.2");

        // The process of another container with the same home folder was killed. The process of a third container runs.
        // The worker deletes only the health file of the killed process.
        Path killed = Files.writeString(folder.resolve(EndpointFiles.healthFileName("killed")), "http://127.0.0.1:1\n");
        Path running = folder.resolve(EndpointFiles.healthFileName("running"));
        try (LockedFile lock = LockedFile.write(running, "http://127.0.0.1:1\n");
                ConfigurableApplicationContext context = ServerMain.start(List.of("--roles=worker"), variables)) {
            assertThat(lock).isNotNull();
            assertThat(context.isRunning()).isTrue();
            assertThat(killed).doesNotExist();
            assertThat(running).exists();
        }

        try (ConfigurableApplicationContext context = ServerMain.start(List.of("--roles=worker"), variables)) {
            int port = requireNonNull(((WebServerApplicationContext) context).getWebServer())
                    .getPort();
            ConsoleClient client = new ConsoleClient("http://127.0.0.1:" + port);
            assertThat(folder.resolve("endpoint")).doesNotExist();
            assertThat(healthFile()).hasContent("http://127.0.0.1:" + port);

            // The health check reads only the file of this container, and not the file of another container in the same
            // home folder. First, only the file of this container has the right port.
            Files.writeString(folder.resolve(EndpointFiles.healthFileName("other")), "http://127.0.0.1:1\n");
            assertThat(healthCheck()).isZero();

            // Then only the other file exists and has the right port.
            Files.move(healthFile(), folder.resolve("moved"));
            Files.writeString(folder.resolve(EndpointFiles.healthFileName("other")), "http://127.0.0.1:" + port + "\n");
            assertThat(healthCheck()).isOne();
            Files.move(folder.resolve("moved"), healthFile());

            // The port serves health and metrics, and no other pages.
            for (String path : List.of("/livez", "/readyz", "/metrics")) {
                assertThat(client.get(path).status()).as(path).isEqualTo(200);
            }
            for (String path : List.of("/", "/console", "/api/v1/scans", "/v3/auth/tokens", "/health")) {
                assertThat(client.get(path).status()).as(path).isEqualTo(404);
            }
        }
        assertThat(healthFile()).doesNotExist();
    }

    @Test
    void listOfWorkers_forAKeyWithoutThePermission_isRefused(SharedServices services) {
        TestService shared = services.h2();
        assertThat(shared.call(shared.project("no workers"), "GET", "/api/v1/workers", "")
                        .status())
                .isEqualTo(403);
    }

    /** Prepares the home folder of a second process, and returns the environment variables of that process. */
    private Map<String, String> secondProcess() throws IOException {
        Files.copy(home.resolve("master.key"), folder.resolve("master.key"), StandardCopyOption.COPY_ATTRIBUTES);
        return Map.of("KEYSWEEP_DATABASE_URL", database, "KEYSWEEP_HOME", folder.toString());
    }

    /** Returns the file in which the health check of the image finds the address of the second process. */
    private Path healthFile() {
        return folder.resolve(EndpointFiles.healthFileName(EndpointFiles.hostName()));
    }

    /** Runs the health check of the image with the folder as the home folder, and returns its exit code. */
    private int healthCheck() throws Exception {
        ProcessBuilder builder = new ProcessBuilder("bash", "../packaging/image/health", "/readyz")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("KEYSWEEP_HOME", folder.toString());
        return builder.start().waitFor();
    }

    private JsonNode scan(String id) {
        return service.call(service.administrator(), "GET", "/api/v1/scans/" + id, "")
                .body();
    }

    private JsonNode workers() {
        return service.call(service.administrator(), "GET", "/api/v1/workers", "")
                .body();
    }
}
