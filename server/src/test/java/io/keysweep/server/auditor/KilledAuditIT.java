package io.keysweep.server.auditor;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestDatabase;
import io.keysweep.testkit.ServiceProcess;
import io.keysweep.testkit.SignedServiceClient;
import io.keysweep.testkit.Waits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Tests that kill -9 leaves a verifiable log, in which no change is missing. */
class KilledAuditIT {

    @TempDir
    private Path home;

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void kill_amongChanges_leavesACompleteLog(String dialect) throws Exception {
        Map<String, String> variables = dialect.equals("h2")
                ? Map.of()
                : Map.of(
                        "KEYSWEEP_DATABASE_URL",
                        TestDatabase.postgresUrl(),
                        // A process counts as dead after four missed heartbeats.
                        "KEYSWEEP_WORKER_HEARTBEAT_SECONDS",
                        "1");
        try (ServiceProcess service = ServiceProcess.start(home, variables)) {
            List<String> answered = new CopyOnWriteArrayList<>();
            Thread writer = Thread.ofPlatform().start(() -> createProjects(service, answered));
            Waits.await("some projects are created")
                    .failFast("the writer has ended", () -> !writer.isAlive())
                    .until(() -> answered.size() > 10);
            service.kill();
            writer.join();
            service.restart();

            // Those whose response was under way are recorded as well, once the other process counts as dead.
            Waits.await("each project has an entry")
                    .untilAsserted(() -> assertThat(recorded(service)).containsAll(projects(service)));
            assertThat(recorded(service)).containsAll(answered).doesNotHaveDuplicates();
            JsonNode verification = service.get("/api/v1/audit/verify");
            assertThat(verification.get("intact").asBoolean())
                    .as(verification.toString())
                    .isTrue();
        }
    }

    private static void createProjects(ServiceProcess service, List<String> answered) {
        try (SignedServiceClient client =
                new SignedServiceClient(service.home().resolve("credentials"), Duration.ofSeconds(60))) {
            for (int i = 0; ; i++) {
                String name = "project-" + i;
                if (client.send(service.endpoint(), "POST", "/api/v1/projects", "{\"name\":\"" + name + "\"}", Map.of())
                                .status()
                        == 201) {
                    answered.add(name);
                }
            }
        } catch (IOException e) {
            // The service was killed.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<String> projects(ServiceProcess service) {
        return service.get("/api/v1/projects")
                .valueStream()
                .map(project -> project.get("name").asString())
                .filter(name -> name.startsWith("project-"))
                .toList();
    }

    private static List<String> recorded(ServiceProcess service) {
        return service.get("/api/v1/audit?limit=1000&action=createProject")
                .get("entries")
                .valueStream()
                .map(entry -> entry.at("/changes/0/after/name").asString(""))
                .filter(name -> name.startsWith("project-"))
                .toList();
    }
}
