package io.keysweep.server.console.fleet;

import io.keysweep.server.console.fleet.FleetRow.Health;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sums up all instances of a project for the tiles of the overview.
 *
 * @param instances number of instances
 * @param byHealth number of instances by health
 * @param deadKeys sum of the estimated backlogs (numbers of dead keys); null if none is known
 * @param deadBytes sum of the estimated memory of the backlogs in bytes; null if none is known
 * @param estimated number of instances whose backlog is known
 * @param reclaimedDay keys that scans have reclaimed in the last 24 hours
 * @param reclaimedMonth keys that scans have reclaimed in the last 30 days
 */
record FleetTiles(
        int instances,
        Map<Health, Integer> byHealth,
        @Nullable Long deadKeys,
        @Nullable Long deadBytes,
        int estimated,
        long reclaimedDay,
        long reclaimedMonth) {

    /** Sums up the instances of a project. */
    static FleetTiles of(List<FleetRow> rows) {
        Map<Health, Integer> byHealth = new EnumMap<>(Health.class);
        rows.forEach(row -> byHealth.merge(row.health(), 1, Integer::sum));
        List<FleetRow> rowsWithBacklog =
                rows.stream().filter(row -> row.deadKeys() != null).toList();
        return new FleetTiles(
                rows.size(),
                byHealth,
                sum(rows, FleetRow::deadKeys),
                sum(rows, FleetRow::deadBytes),
                rowsWithBacklog.size(),
                rows.stream().mapToLong(FleetRow::reclaimedDay).sum(),
                rows.stream().mapToLong(FleetRow::reclaimedMonth).sum());
    }

    /** Returns the sum of a number over the instances that have it; null if no instance has it. */
    private static @Nullable Long sum(List<FleetRow> rows, Function<FleetRow, @Nullable Long> number) {
        Long total = null;
        for (FleetRow row : rows) {
            Long next = number.apply(row);
            if (next != null) {
                total = total == null ? next : total + next;
            }
        }
        return total;
    }

    /** Returns how many instances have a health, by its wire name. */
    public int count(String health) {
        return byHealth.entrySet().stream()
                .filter(entry -> entry.getKey().wireName().equals(health))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    /** Returns how many instances have neither a problem nor a failed last scan. */
    public int healthy() {
        return instances - count("problem") - count("failed");
    }
}
