package io.keysweep.server.budget;

import static io.keysweep.server.budget.BudgetScenario.DEAD;
import static io.keysweep.server.budget.BudgetScenario.budgetPath;
import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Tests that scans of real servers never exceed a budget, in one process on H2 and in two on PostgreSQL.
 *
 * <p>A budget limits how many sweeps run at the same time: in all, on each host or in each project.
 */
@ExtendWith(SharedServicesResolver.class)
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
class BudgetsIT {

    private static final int SCANS = 12;
    private static final int BUDGET = 3;
    private static final int LIVE = 1_000;

    /** The rate ceiling, in keys per second, at which a scan of a server takes five minutes. */
    private static final int SLOW = 5;

    /** The rate ceiling, in keys per second, of scans that must not end before the test has seen them. */
    private static final int MODERATE = 50;

    /** The rate ceiling, in keys per second, that lets all scans end soon. */
    private static final int FAST = 1_500;

    private BudgetScenario scenario;

    @BeforeEach
    void open(@TempDir Path folder) {
        scenario = new BudgetScenario(folder);
    }

    @AfterEach
    void close() throws Exception {
        scenario.close();
    }

    /**
     * Returns each kind of budget as three values: the database, the setting (empty for the budget of a project), and
     * the words for the kind in the reason of a waiting sweep.
     */
    static Stream<Arguments> budgets() {
        // By default, each kind is tested on one database; in a full run, on both.
        Stream<Arguments> always = Stream.of(
                Arguments.of("h2", "KEYSWEEP_BUDGET_SWEEPS", "in all"),
                Arguments.of("postgresql", "KEYSWEEP_BUDGET_SWEEPS_PER_HOST", "on host 127.0.0.1"),
                Arguments.of("postgresql", "", "in project default"));
        Stream<Arguments> onlyInFullRun = Stream.of(
                Arguments.of("postgresql", "KEYSWEEP_BUDGET_SWEEPS", "in all"),
                Arguments.of("h2", "", "in project default"));
        return Boolean.getBoolean("keysweep.full") ? Stream.concat(always, onlyInFullRun) : always;
    }

    @ParameterizedTest
    @MethodSource("budgets")
    void scans_underABudget_exceedItNeitherByPermitsNorByConnections(String dialect, String setting, String kind)
            throws Exception {
        TestService service =
                scenario.start(dialect, setting.isEmpty() ? Map.of() : Map.of(setting, String.valueOf(BUDGET)));
        Credentials key = service.administrator();
        if (setting.isEmpty()) {
            assertThat(service.call(key, "PUT", budgetPath(key), "{\"sweeps\":" + BUDGET + "}")
                            .status())
                    .isEqualTo(200);
        }

        // Scans are held until all exist. The creation of a scan inspects its server, and busyServers() would count
        // that connection as a sweep.
        service.call(key, "PUT", "/api/v1/hold", "");
        List<String> scans = new ArrayList<>();
        for (int i = 0; i < SCANS; i++) {
            scans.add(scenario.scan(key, "s" + i, scenario.server(LIVE), MODERATE));
        }
        service.call(key, "DELETE", "/api/v1/hold", "");

        String reason = "waits for its budget: " + BUDGET + " of " + BUDGET + " sweeps run " + kind;
        AtomicBoolean fast = new AtomicBoolean();
        AtomicInteger maxPermits = new AtomicInteger();
        AtomicInteger maxServers = new AtomicInteger();
        Set<String> reasons = new HashSet<>();
        Map<String, JsonNode> endedScans = new HashMap<>();
        await("all scans end").until(() -> {
            int permits = scenario.grantedPermits();
            int busy = scenario.busyServers();
            assertThat(List.of(permits, busy))
                    .allSatisfy(each -> assertThat(each).isLessThanOrEqualTo(BUDGET));
            maxPermits.accumulateAndGet(permits, Math::max);
            maxServers.accumulateAndGet(busy, Math::max);

            for (JsonNode view : scenario.scans(key)) {
                if (view.has("hold")) {
                    reasons.add(view.get("hold").asString());
                }
                if (view.has("finishedAt")) {
                    endedScans.put(view.get("id").asString(), view);
                }
            }

            // The scans are slow until the test has seen the whole budget in use, and a scan that waits for it.
            boolean isSeen = maxPermits.get() == BUDGET && maxServers.get() > 0 && reasons.contains(reason);
            if (isSeen && fast.compareAndSet(false, true)) {
                String faster = "{\"rateCeiling\":" + FAST + "}";
                scans.forEach(scan -> service.call(key, "PATCH", "/api/v1/scans/" + scan, faster));
            }
            return endedScans.size() == SCANS;
        });

        // The budget was used completely, and each scan has swept its server.
        assertThat(maxPermits).hasValue(BUDGET);
        assertThat(maxServers.get()).isBetween(1, BUDGET);
        assertThat(reasons).contains(reason);
        assertThat(endedScans.values()).allSatisfy(scan -> {
            assertThat(scan.get("status").asString()).isEqualTo("success");
            assertThat(scan.get("reclaimed").asLong()).isEqualTo(DEAD);
            assertThat(scan.has("hold")).isFalse();
        });
        assertThat(scenario.grantedPermits()).isZero();

        // The wait for the budget is among the holds of a scan.
        JsonNode holds = service.call(key, "GET", "/api/v1/scans/" + scenario.waitedScan() + "/holds", "")
                .body();
        assertThat(holds.findValuesAsString("reason")).contains("waits for its budget");
    }

    @Test
    void budgetThatShrinks_makesTheYoungestSweepWait_untilAnotherEnds(SharedServices services) {
        TestService service = scenario.use(services.h2());
        Credentials key = service.newAdministrator("shrinking budget");

        service.call(key, "PUT", budgetPath(key), "{\"sweeps\":2}");
        String first = scenario.scan(key, "first", scenario.server(LIVE), SLOW);
        scenario.awaitScan(key, first, scan -> scan.get("status").asString().equals("running"));
        String second = scenario.scan(key, "second", scenario.server(LIVE), SLOW);
        scenario.awaitScan(key, second, scan -> scan.get("visited").asLong() > 0);

        // With a budget of one, the younger sweep waits.
        Answer shrunk = service.call(key, "PUT", budgetPath(key), "{\"sweeps\":1}");
        assertThat(shrunk.body().get("document").get("sweeps").asInt()).isEqualTo(1);

        scenario.awaitScan(key, second, scan -> scan.path("hold").asString("").startsWith("waits for its budget: "));
        await("one permit is left").until(() -> scenario.grantedPermits(key) == 1);
        Answer budgetInUse = service.call(key, "GET", budgetPath(key), "");

        assertThat(budgetInUse.body().get("running").asInt()).isEqualTo(1);
        assertThat(budgetInUse.body().get("waiting").asInt()).isEqualTo(1);

        // When the older sweep has ended, the younger one continues.
        service.call(key, "POST", "/api/v1/scans/" + first + "/cancel", "");
        scenario.awaitScan(key, second, scan -> !scan.has("hold"));
        service.call(key, "PATCH", "/api/v1/scans/" + second, "{\"rateCeiling\":null,\"profile\":\"full\"}");
        JsonNode endedScan = scenario.awaitScan(key, second, scan -> scan.has("finishedAt"));
        assertThat(endedScan.get("reclaimed").asLong()).isEqualTo(DEAD);
    }
}
