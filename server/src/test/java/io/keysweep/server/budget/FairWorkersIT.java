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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Tests that one project cannot take all workers, in one process on H2 and in two on PostgreSQL. */
class FairWorkersIT {

    /** More scans than the processes can hold in their pools, so that most of them are in the database. */
    private static final int MANY = 60;

    private static final int THREADS = 2;
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

    @ParameterizedTest
    @CsvSource({"h2, 2", "postgresql, 4"})
    void freeWorker_goesToTheProjectWithTheFewest_howeverManyScansAnotherHas(String dialect, int workers)
            throws Exception {
        TestService service = scenario.start(dialect, Map.of("KEYSWEEP_WORKER_THREADS", String.valueOf(THREADS)));
        Credentials greedy = service.project("greedy");
        Credentials modest = service.project("modest");
        RedisServer redis = scenario.server(LIVE);
        List<String> many = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            many.add(scenario.scan(greedy, "s" + i, redis, 1));
        }
        await("all workers run scans of one project").until(() -> running(greedy, many) == workers);
        List<String> few = List.of(scenario.scan(modest, "a", redis, 1), scenario.scan(modest, "b", redis, 1));

        String reason = "waits for a worker: " + workers + " of " + workers + " run, project ";
        assertThat(scenario.awaitScan(modest, few.getFirst(), scan -> scan.has("hold"))
                        .get("hold")
                        .asString())
                .isEqualTo(reason + "modest has 0");
        assertThat(scenario.awaitScan(greedy, many.getLast(), scan -> scan.has("hold"))
                        .get("hold")
                        .asString())
                .isEqualTo(reason + "greedy has " + workers);
        assertThat(status(modest, few.getFirst())).isEqualTo("waiting");

        // Each worker that becomes free goes to the modest project, whose scans are the youngest.
        for (int i = 1; i <= workers / 2; i++) {
            int expected = i;
            cancelOneThatRuns(service, greedy, many);
            await("the free worker runs a scan of the modest project").until(() -> running(modest, few) == expected);
        }
        assertThat(running(greedy, many)).isEqualTo(workers - workers / 2);

        // With even shares, the next free worker goes to the older scans again.
        cancelOneThatRuns(service, greedy, many);
        await("the free worker runs an older scan").until(() -> running(greedy, many) == workers - workers / 2);
        assertThat(scenario.permits()).isEqualTo(workers);
        many.forEach(scan -> service.call(greedy, "POST", "/api/v1/scans/" + scan + "/cancel", ""));
        few.forEach(scan -> service.call(modest, "POST", "/api/v1/scans/" + scan + "/cancel", ""));
        await("all permits are given back").until(() -> scenario.permits() == 0);
    }

    private void cancelOneThatRuns(TestService service, Credentials key, List<String> scans) {
        String running = scans.stream()
                .filter(scan -> status(key, scan).equals("running"))
                .findFirst()
                .orElseThrow();
        service.call(key, "POST", "/api/v1/scans/" + running + "/cancel", "");
        scenario.awaitScan(key, running, scan -> scan.has("finishedAt"));
    }

    private long running(Credentials key, List<String> scans) {
        return scans.stream()
                .filter(scan -> status(key, scan).equals("running"))
                .count();
    }

    private String status(Credentials key, String scan) {
        JsonNode view = scenario.get(key, scan);
        return view.get("status").asString();
    }
}
