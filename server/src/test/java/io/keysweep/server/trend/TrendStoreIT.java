package io.keysweep.server.trend;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestDatabase;
import io.keysweep.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Tests on both databases which points of trends are stored, and which points the retention merges and deletes. */
class TrendStoreIT {

    private static final UUID FIRST_INSTANCE = UUID.randomUUID();
    private static final UUID SECOND_INSTANCE = UUID.randomUUID();

    @TempDir
    private Path folder;

    private final ManualClock clock = new ManualClock();

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void oldPoints_afterPurges_becomeHoursThenDays_andAreDeletedAfterTwoYears(String dialect) {
        DataSource dataSource = TestDatabase.create(dialect, folder);
        JdbcClient jdbc = JdbcClient.create(dataSource);
        insertInstances(jdbc);
        TrendStore store = new TrendStore(jdbc);
        Instant midnight = clock.instant().truncatedTo(ChronoUnit.DAYS);
        Instant tenDaysAgo = midnight.minus(Duration.ofDays(10));
        Instant longAgo = midnight.minus(Duration.ofDays(100));
        Instant forgotten = midnight.minus(Duration.ofDays(800));

        // Three points of the first instance are ten days old, so they become two points of an hour. Two are 100 days
        // old, so they become one point of a day. The point of yesterday is not changed, and the point of 800 days ago
        // is deleted.
        TrendPoint fresh = scan(midnight.minus(Duration.ofDays(1)).plusMillis(123), /* reclaimed= */ 1);
        store.add(FIRST_INSTANCE, fresh);
        store.add(FIRST_INSTANCE, scan(tenDaysAgo, 2));
        store.add(
                FIRST_INSTANCE,
                TrendPoint.ofBacklog(tenDaysAgo.plusSeconds(5), /* deadKeys= */ 77, /* deadBytes= */ 700L));
        store.add(FIRST_INSTANCE, scan(tenDaysAgo.plusSeconds(3_600), 3));
        store.add(FIRST_INSTANCE, scan(longAgo, 4));
        store.add(FIRST_INSTANCE, scan(longAgo.plusSeconds(7_200), 5));
        store.add(SECOND_INSTANCE, scan(longAgo, 6));
        store.add(SECOND_INSTANCE, scan(forgotten, 7));

        // This instance no longer exists, so it gets no point.
        store.add(UUID.randomUUID(), fresh);

        TrendRetention retention =
                new TrendRetention(store, new TransactionTemplate(new JdbcTransactionManager(dataSource)), clock);
        int removed = retention.purge(clock.instant(), /* maxPerInstance= */ 1);

        // The points of the first instance are ordered by time.
        Map<UUID, List<TrendPoint>> remaining = store.since(List.of(FIRST_INSTANCE, SECOND_INSTANCE), Instant.EPOCH);
        assertThat(remaining.get(FIRST_INSTANCE))
                .containsExactly(
                        scan(longAgo, 9)
                                .asSummary(longAgo, TrendRetention.DAY_MINUTES)
                                .plus(none(longAgo)),
                        new TrendPoint(
                                tenDaysAgo,
                                /* minutes= */ 60,
                                /* scans= */ 1,
                                /* reclaimed= */ 2,
                                /* visited= */ 4,
                                /* deadKeys= */ 77L,
                                /* deadBytes= */ 700L,
                                /* usedMemoryBefore= */ 10L,
                                /* usedMemoryAfter= */ 5L,
                                /* inflow= */ 0L),
                        scan(tenDaysAgo.plusSeconds(3_600), 3)
                                .asSummary(tenDaysAgo.plusSeconds(3_600), TrendRetention.HOUR_MINUTES),
                        fresh);
        assertThat(remaining.get(SECOND_INSTANCE))
                .containsExactly(scan(longAgo, 6).asSummary(longAgo, TrendRetention.DAY_MINUTES));

        // Five of the eight points are left.
        assertThat(removed).isEqualTo(8 - 5);
        assertThat(retention.purge(clock.instant(), /* maxPerInstance= */ 1)).isZero();
        assertThat(store.reclaimedSince("p", Instant.EPOCH))
                .isEqualTo(Map.of(FIRST_INSTANCE, 15L, SECOND_INSTANCE, 6L));
        assertThat(store.reclaimedSince("q", Instant.EPOCH)).isEmpty();
    }

    /** Inserts both instances, which belong to the project p. */
    private static void insertInstances(JdbcClient jdbc) {
        jdbc.sql("insert into project (id, name, created_at) values ('p', 'p', current_timestamp)")
                .update();
        for (UUID id : List.of(FIRST_INSTANCE, SECOND_INSTANCE)) {
            jdbc.sql("insert into instance (id, project_id, name, uri, created_at)"
                            + " values (?, 'p', ?, 'redis://127.0.0.1', current_timestamp)")
                    .params(id, id.toString())
                    .update();
        }
    }

    /** Returns the point of one scan, which has visited twice the keys that it has reclaimed. */
    private static TrendPoint scan(Instant at, long reclaimed) {
        return new TrendPoint(
                at,
                /* minutes= */ 0,
                /* scans= */ 1,
                reclaimed,
                /* visited= */ 2 * reclaimed,
                /* deadKeys= */ null,
                /* deadBytes= */ null,
                /* usedMemoryBefore= */ 10L,
                /* usedMemoryAfter= */ 5L,
                /* inflow= */ 0L);
    }

    /** Returns the part that a second scan without counts adds to a day. */
    private static TrendPoint none(Instant at) {
        return new TrendPoint(
                at,
                TrendRetention.DAY_MINUTES,
                /* scans= */ 1,
                /* reclaimed= */ 0,
                /* visited= */ 0,
                /* deadKeys= */ null,
                /* deadBytes= */ null,
                /* usedMemoryBefore= */ null,
                /* usedMemoryAfter= */ null,
                /* inflow= */ null);
    }
}
