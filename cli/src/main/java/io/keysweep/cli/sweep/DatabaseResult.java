package io.keysweep.cli.sweep;

import io.keysweep.engine.plan.DatabaseCoverage;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepReport.DatabaseCount;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Describes the result of a sweep in one database, for the JSON and the text that {@code keysweep sweep} prints.
 *
 * <p>A database is covered if no expired key is left in it: all of it was visited, or it has no key with a TTL.
 *
 * @param db number of the database
 * @param visited number of keys visited
 * @param reclaimed number of expired keys reclaimed
 * @param coverage why the database is treated as covered; null if it is not covered
 */
record DatabaseResult(
        int db, long visited, long reclaimed, @Nullable DatabaseCoverage coverage) {

    /** Returns the databases that were visited or are covered, in the order of their numbers. */
    static List<DatabaseResult> of(SweepReport report) {
        Map<Integer, DatabaseCount> counts =
                report.databases().stream().collect(Collectors.toMap(DatabaseCount::db, Function.identity()));
        SortedSet<Integer> numbers = new TreeSet<>(counts.keySet());
        numbers.addAll(report.coverage().keySet());
        return numbers.stream()
                .map(db -> {
                    DatabaseCount count =
                            counts.getOrDefault(db, new DatabaseCount(db, /* visited= */ 0, /* reclaimed= */ 0));
                    return new DatabaseResult(
                            db,
                            count.visited(),
                            count.reclaimed(),
                            report.coverage().get(db));
                })
                .toList();
    }

    /** Returns the name of the coverage, as the native API has it; null if the database is not covered. */
    @Nullable String coverageName() {
        return coverage == null ? null : coverage.name();
    }
}
