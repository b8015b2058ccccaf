package io.keysweep.server.console.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.console.fleet.FleetRow.Health;
import io.keysweep.server.instance.InstanceObservation;
import io.keysweep.server.instance.InstanceTags;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests that the overview selects, sorts and pages the instances as its parameters say. */
final class FleetFilterTest {

    private final List<FleetRow> rows = List.of(
            row("b-orders", Map.of("env", "prod"), "7.0.15", Health.OK, /* dead= */ 10L, /* reclaimed= */ 5),
            row(
                    "a-carts",
                    Map.of("env", "test", "team", "shop"),
                    "8.1.0",
                    Health.FAILED,
                    /* dead= */ null,
                    /* reclaimed= */ 50),
            row("c-users", Map.of(), /* version= */ null, Health.PROBLEM, /* dead= */ 30L, /* reclaimed= */ 0));

    @Test
    void select_withoutOrWithInvalidParameters_showsProblemsFirst() {
        assertThat(names(Map.of())).containsExactly("c-users", "a-carts", "b-orders");
        assertThat(names(Map.of("sort", "nonsense", "state", "nonsense", "page", "-1")))
                .containsExactly("c-users", "a-carts", "b-orders");
    }

    @Test
    void select_byTextStateTagOrVersion_returnsMatchingInstances() {
        assertThat(names(Map.of("name", "ORDERS"))).containsExactly("b-orders");
        assertThat(names(Map.of("name", "team=sh"))).containsExactly("a-carts");
        assertThat(names(Map.of("state", "failed"))).containsExactly("a-carts");
        assertThat(names(Map.of("tag", "env"))).containsExactly("a-carts", "b-orders");
        assertThat(names(Map.of("tag", "env=prod"))).containsExactly("b-orders");
        assertThat(names(Map.of("version", "redis 8.1.0"))).containsExactly("a-carts");
    }

    @Test
    void select_sortedByANumber_putsUnknownNumbersLast() {
        assertThat(names(Map.of("sort", "name"))).containsExactly("a-carts", "b-orders", "c-users");
        assertThat(names(Map.of("sort", "backlog"))).containsExactly("c-users", "b-orders", "a-carts");
        assertThat(names(Map.of("sort", "reclaimed"))).containsExactly("a-carts", "b-orders", "c-users");
    }

    @Test
    void pages_ofAThousandInstances_haveEachInstanceOnce() {
        List<Health> healths = List.copyOf(EnumSet.allOf(Health.class));
        int instances = 1_000;
        List<FleetRow> fleet = new ArrayList<>();
        for (int i = 0; i < instances; i++) {
            fleet.add(row("instance-" + i, Map.of(), "7.0.15", healths.get(i % healths.size()), (long) i, i));
        }

        // No instance is on two pages.
        int pages = instances / FleetFilter.ROWS_PER_PAGE;
        List<FleetRow> seen = new ArrayList<>();
        for (int page = 1; page <= pages; page++) {
            FleetFilter filter = FleetFilter.of(Map.of("page", Integer.toString(page)));
            List<FleetRow> shown = filter.page(filter.select(fleet));
            assertThat(shown).hasSize(FleetFilter.ROWS_PER_PAGE);

            seen.addAll(shown);
        }

        assertThat(seen).doesNotHaveDuplicates().hasSameElementsAs(fleet);

        // A page after the last one is empty. The overview shows the last page in its place.
        FleetFilter afterLastPage = FleetFilter.of(Map.of("page", "999999"));
        assertThat(afterLastPage.page(afterLastPage.select(fleet))).isEmpty();
        assertThat(afterLastPage.withinPages(instances).page()).isEqualTo(pages);
        assertThat(afterLastPage.withinPages(instances + 1).page()).isEqualTo(pages + 1);
        assertThat(afterLastPage.withinPages(0).page()).isEqualTo(1);
        assertThat(FleetFilter.of(Map.of("page", "3")).withinPages(instances).page())
                .isEqualTo(3);

        // The tiles sum up all instances. Each of the seven states has a seventh of them.
        FleetTiles tiles = FleetTiles.of(fleet);
        assertThat(tiles.instances()).isEqualTo(instances);
        assertThat(tiles.count("problem")).isEqualTo(143);
        assertThat(tiles.deadKeys()).isEqualTo((instances - 1L) * instances / 2);
    }

    @Test
    void query_ofAnotherPage_keepsTheFilterEscaped() {
        assertThat(FleetFilter.of(Map.of("name", "a&b", "sort", "name", "page", "3"))
                        .query(4))
                .isEqualTo("name=a%26b&sort=name&page=4");
        assertThat(FleetFilter.of(Map.of()).query(1)).isEmpty();
    }

    /** Returns the names of the instances that the overview selects, in its order. */
    private List<String> names(Map<String, String> parameters) {
        return FleetFilter.of(parameters).select(rows).stream()
                .map(FleetRow::name)
                .toList();
    }

    /** Returns the row of an instance; without a version it was never reached, and {@code dead} is null if unknown. */
    private static FleetRow row(
            String name,
            Map<String, String> tags,
            @Nullable String version,
            Health health,
            @Nullable Long dead,
            long reclaimed) {
        return new FleetRow(
                UUID.randomUUID(),
                name,
                "redis://10.0.0.1:6379",
                new InstanceTags(new TreeMap<>(tags)),
                version == null ? null : observation(version),
                /* problem= */ null,
                health,
                /* scannedAt= */ null,
                dead,
                /* deadBytes= */ null,
                /* reclaimedDay= */ reclaimed,
                /* reclaimedMonth= */ reclaimed);
    }

    /** Returns what was read of a server of this version. */
    private static InstanceObservation observation(String version) {
        return new InstanceObservation(
                "REDIS",
                version,
                /* usedMemory= */ 1L,
                /* maxMemory= */ 2L,
                /* keys= */ 3L,
                /* keysWithTtl= */ 3L,
                /* shards= */ 1,
                /* replicas= */ 0,
                /* problem= */ null,
                Instant.EPOCH);
    }
}
