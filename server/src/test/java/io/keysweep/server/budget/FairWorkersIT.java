package io.keysweep.server.budget;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.testkit.RedisServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that one project cannot take all workers of two processes on PostgreSQL; in a full run also of one on H2. */
class FairWorkersIT {

    /**
     * The number of scans of the greedy project. The processes keep fewer in memory, so most wait in the database only.
     */
    private static final int GREEDY_SCANS = 60;

    /** The number of workers of each process. */
    private static final int THREADS = 2;

    /** The number of live keys, so many that no scan ends during the test at one key per second. */
    private static final int LIVE = 2_000;

    private BudgetScenario scenario;

    @BeforeEach
    void open(@TempDir Path folder) {
        scenario = new BudgetScenario(folder);
    }

    @AfterEach
    void close() throws Exception {
        scenario.close();
    }

    static Stream<Arguments> databases() {
        Arguments postgres = Arguments.of("postgresql", 2 * THREADS);
        return Boolean.getBoolean("keysweep.full")
                ? Stream.of(Arguments.of("h2", THREADS), postgres)
                : Stream.of(postgres);
    }

    @ParameterizedTest
    @MethodSource("databases")
    void freeWorker_goesToTheProjectWithTheFewestRunningSweeps(String dialect, int workers) throws Exception {
        TestService service = scenario.start(dialect, Map.of("KEYSWEEP_WORKER_THREADS", String.valueOf(THREADS)));
        Credentials greedy = service.project("greedy");
        Credentials modest = service.project("modest");
        RedisServer redis = scenario.server(LIVE);

        // The greedy project has many scans when the modest one creates its first two.
        List<String> greedyScans = new ArrayList<>();
        for (int i = 0; i < GREEDY_SCANS; i++) {
            greedyScans.add(scenario.scan(greedy, "s" + i, redis, /* rate= */ 1));
        }
        await("all workers run scans of one project")
                .until(() -> scenario.running(greedy).size() == workers);
        List<String> modestScans = List.of(
                scenario.scan(modest, "a", redis, /* rate= */ 1), scenario.scan(modest, "b", redis, /* rate= */ 1));

        // Scans of both projects say why they wait.
        String reason = "waits for a worker: " + workers + " of " + workers + " run, project ";
        assertThat(scenario.awaitScan(modest, modestScans.getFirst(), scan -> scan.has("hold"))
                        .get("hold")
                        .asString())
                .isEqualTo(reason + "modest has 0");
        assertThat(scenario.awaitScan(greedy, greedyScans.getLast(), scan -> scan.has("hold"))
                        .get("hold")
                        .asString())
                .isEqualTo(reason + "greedy has " + workers);
        assertThat(scenario.running(modest)).isEmpty();

        // Each worker that becomes free goes to the modest project, whose scans are the youngest.
        for (int i = 1; i <= workers / 2; i++) {
            int expected = i;
            cancelOneRunningScan(service, greedy);
            await("the free worker runs a scan of the modest project")
                    .until(() -> scenario.running(modest).size() == expected);
        }
        assertThat(scenario.running(greedy)).hasSize(workers - workers / 2);

        // With even shares, the next free worker goes to the older scans again.
        cancelOneRunningScan(service, greedy);
        await("the free worker runs an older scan")
                .until(() -> scenario.running(greedy).size() == workers - workers / 2);
        assertThat(scenario.grantedPermits()).isEqualTo(workers);

        greedyScans.forEach(scan -> service.call(greedy, "POST", "/api/v1/scans/" + scan + "/cancel", ""));
        modestScans.forEach(scan -> service.call(modest, "POST", "/api/v1/scans/" + scan + "/cancel", ""));
        await("all permits are given back").until(() -> scenario.grantedPermits() == 0);
    }

    private void cancelOneRunningScan(TestService service, Credentials key) {
        String running = scenario.running(key).getFirst();
        service.call(key, "POST", "/api/v1/scans/" + running + "/cancel", "");
        scenario.awaitScan(key, running, scan -> scan.has("finishedAt"));
    }
}
