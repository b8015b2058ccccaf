package io.keysweep.server.budget;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.control.ControlTesting;
import io.keysweep.server.control.RunningSweeps;
import io.keysweep.testkit.RedisServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that the sweeps of two processes divide the budget of a host: its rate and its share of the server's time. */
class HostPaceBudgetIT {

    /** The number of live keys on each server. */
    private static final int LIVE = 40_000;

    /** A rate in keys per second that the budget does not allow. */
    private static final int FAST = 1_000_000;

    private BudgetScenario scenario;

    @BeforeEach
    void open(@TempDir Path folder) {
        scenario = new BudgetScenario(folder);
    }

    @AfterEach
    void close() throws Exception {
        scenario.close();
    }

    @Test
    void rateAndShareOfAHost_areDividedAgain_whenSweepsBeginAndEnd() throws Exception {
        // On PostgreSQL, the scenario starts two processes; this is the first.
        TestService service = scenario.start(
                "postgresql",
                Map.of("KEYSWEEP_BUDGET_RATE_PER_HOST", "200", "KEYSWEEP_BUDGET_SHARE_PER_HOST_PERCENT", "30"));
        Credentials key = service.administrator();

        // Start all servers first: the first scan must still run at the end of the test. At the rate of the host, it
        // takes more than three minutes.
        RedisServer firstRedis = scenario.server(LIVE);
        RedisServer secondRedis = scenario.server(LIVE);
        RedisServer thirdRedis = scenario.server(LIVE);

        // The host allows a share of 0.3, but the scan's own profile only 0.25.
        String first = scenario.scan(key, "first", firstRedis, FAST);
        awaitPaces(List.of(200L), List.of(0.25));

        // The second scan wants 50 keys per second, and the first scan gets the rest of the rate.
        String second = scenario.scan(key, "second", secondRedis, /* rate= */ 50);
        awaitPaces(List.of(150L, 50L), List.of(0.15, 0.15));

        // The first and the third scan want more than they can get, so they get the same.
        String third = scenario.scan(key, "third", thirdRedis, FAST);
        awaitPaces(List.of(75L, 75L, 50L), List.of(0.1, 0.1, 0.1));

        // The third scan wants less than its part of the budget. The others get the rest.
        service.call(key, "PATCH", "/api/v1/scans/" + third, "{\"rateCeiling\":25,\"share\":0.05}");
        awaitPaces(List.of(125L, 50L, 25L), List.of(0.125, 0.125, 0.05));

        // The first scan is the only one again.
        service.call(key, "POST", "/api/v1/scans/" + second + "/cancel", "");
        service.call(key, "POST", "/api/v1/scans/" + third + "/cancel", "");
        awaitPaces(List.of(200L), List.of(0.25));

        service.call(key, "POST", "/api/v1/scans/" + first + "/cancel", "");
        scenario.awaitScan(key, first, scan -> scan.has("finishedAt"));
    }

    /** Waits until the sweeps of both processes have these rate ceilings, in keys a second, and these shares. */
    private void awaitPaces(List<Long> rates, List<Double> shares) {
        await("the sweeps have the expected paces").untilAsserted(() -> {
            var paces = scenario.services().stream()
                    .map(service -> ControlTesting.paces(service.bean(RunningSweeps.class)))
                    .flatMap(found -> found.values().stream())
                    .toList();
            assertThat(paces)
                    .extracting(pace -> pace.rateCeiling())
                    .containsExactlyInAnyOrderElementsOf(
                            rates.stream().map(OptionalLong::of).toList());
            assertThat(paces)
                    .extracting(pace -> Math.round(pace.shareCeiling() * 1_000))
                    .containsExactlyInAnyOrderElementsOf(shares.stream()
                            .map(share -> Math.round(share * 1_000))
                            .toList());
        });
    }
}
