package io.keysweep.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.callback.BaseCallback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Tests that databases of earlier versions, with data in all tables, keep the data in the newest version. */
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
class MigrationIT {

    /** The tables whose rows are kept when an instance is deleted. */
    private static final Set<String> INDEPENDENT_OF_INSTANCES = Set.of(
            "project",
            "access_key",
            "access_policy",
            "principal_lock",
            "user_account",
            "scheduled_tasks",
            "hold",
            "idempotency_key",
            "project_policy",
            "permit_lock",
            "worker",
            "webhook",
            "webhook_delivery",
            "console_session",
            "master_key_check",
            "audit_entry",
            "audit_head",
            "audit_intent");

    @TempDir
    private Path folder;

    /**
     * Checks after each migration of one database that it has kept all rows. The database has rows of all earlier
     * versions, because {@link MigrationData} adds some after each migration.
     */
    private static final class CheckAfterEachMigration extends BaseCallback {

        private final MigrationData data = new MigrationData();

        /** The rows of each table before the current migration. */
        private Map<String, List<Map<String, String>>> before = Map.of();

        /** The versions whose migrations were checked. */
        private final List<String> checkedVersions = new ArrayList<>();

        @Override
        public boolean supports(Event event, Context context) {
            return event == Event.BEFORE_EACH_MIGRATE || event == Event.AFTER_EACH_MIGRATE;
        }

        @Override
        public void handle(Event event, Context context) {
            JdbcClient jdbc = JdbcClient.create(
                    new SingleConnectionDataSource(context.getConnection(), /* suppressClose= */ true));
            if (event == Event.BEFORE_EACH_MIGRATE) {
                before = rows(jdbc);
            } else {
                String version = String.valueOf(context.getMigrationInfo().getVersion());
                assertKept(
                        before,
                        rows(jdbc),
                        /* changesTaskIds= */ version.equals("2"),
                        /* removesRequests= */ version.equals("17"));
                data.handle(event, context);
                assertAllHaveRows(rows(jdbc));
                checkedVersions.add(version);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void migration_toEachVersion_keepsTheDataOfAllEarlierVersions(String dialect) {
        DataSource dataSource = TestDatabase.empty(dialect, folder);
        CheckAfterEachMigration check = new CheckAfterEachMigration();
        TestDatabase.migration(dialect)
                .dataSource(dataSource)
                .callbacks(check)
                .load()
                .migrate();

        assertThat(check.checkedVersions)
                .isEqualTo(migrations()
                        .map(migration -> String.valueOf(migration.getVersion()))
                        .toList());
        assertIsNewest(JdbcClient.create(dataSource));
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void migrationToVersion36_webhookThatNamesAllEvents_hasTheSignForAllEvents(String dialect) {
        // At version 34, the first webhook names all events of an earlier version, and the second all present events.
        DataSource dataSource = TestDatabase.empty(dialect, folder);
        TestDatabase.migration(dialect)
                .dataSource(dataSource)
                .target("34")
                .load()
                .migrate();
        JdbcClient jdbc = JdbcClient.create(dataSource);
        jdbc.sql("insert into project (id, name, created_at) values ('p', 'p', current_timestamp)")
                .update();
        addWebhook(jdbc, "former", "scan.finished scan.failed scan.held threshold.passed");
        addWebhook(jdbc, "all", "scan.finished scan.failed scan.held threshold.passed cliff.ahead");
        addWebhook(jdbc, "some", "scan.finished scan.failed scan.held");

        TestDatabase.migration(dialect).dataSource(dataSource).load().migrate();

        assertThat(jdbc.sql("select events from webhook order by url")
                        .query(String.class)
                        .list())
                .containsExactly("*", "*", "scan.finished scan.failed scan.held");
    }

    @ParameterizedTest
    @MethodSource("versions")
    void database_ofAnyVersionWithData_keepsItsDataInTheNewestVersion(String dialect, String version) {
        DataSource dataSource = TestDatabase.empty(dialect, folder);
        JdbcClient jdbc = JdbcClient.create(dataSource);
        TestDatabase.migration(dialect)
                .dataSource(dataSource)
                .target(version)
                .callbacks(new MigrationData())
                .load()
                .migrate();
        Map<String, List<Map<String, String>>> before = rows(jdbc);

        assertAllHaveRows(before);

        TestDatabase.migration(dialect).dataSource(dataSource).load().migrate();
        boolean includesRemoval = !MigrationVersion.fromVersion(version).isNewerThan("16");

        assertKept(
                before, rows(jdbc), /* changesTaskIds= */ version.equals("1"), /* removesRequests= */ includesRemoval);

        // Later tables accept rows that refer to the migrated rows, and lose them with the instance.
        MigrationData.after(version).forEach(insert -> jdbc.sql(insert).update());
        assertIsNewest(jdbc);
    }

    private static void addWebhook(JdbcClient jdbc, String url, String events) {
        jdbc.sql("insert into webhook (id, project_id, url, events, held_seconds, enabled, secret, version,"
                        + " created_by, created_at) values (?, 'p', ?, ?, 1, true, 's', 0, 'AK', current_timestamp)")
                .params(UUID.randomUUID(), url, events)
                .update();
    }

    /** Returns all migrations in the order of their versions. */
    private static Stream<MigrationInfo> migrations() {
        return Arrays.stream(TestDatabase.migration("h2")
                .dataSource("jdbc:h2:mem:versions", "", "")
                .load()
                .info()
                .all());
    }

    @Test
    void versions_areTheNumbersFromOne() {
        List<String> versions = migrations()
                .map(migration -> String.valueOf(migration.getVersion()))
                .toList();

        assertThat(versions)
                .hasSizeGreaterThan(30)
                .isEqualTo(IntStream.rangeClosed(1, versions.size())
                        .mapToObj(String::valueOf)
                        .toList());
    }

    /** Returns each database with the first version, and in a full run with every version. */
    static Stream<Arguments> versions() {
        List<String> versions = migrations()
                .map(migration -> String.valueOf(migration.getVersion()))
                .filter(version -> version.equals("1") || Boolean.getBoolean("keysweep.full"))
                .toList();
        return Stream.of("h2", "postgresql")
                .flatMap(dialect -> versions.stream().map(version -> Arguments.of(dialect, version)));
    }

    /** Checks that no table is empty. */
    private static void assertAllHaveRows(Map<String, List<Map<String, String>>> tables) {
        assertThat(tables)
                .allSatisfy((table, rows) -> assertThat(rows)
                        .as("MigrationData has a row for " + table)
                        .isNotEmpty());
    }

    /**
     * Checks that migrations have kept all rows.
     *
     * @param changesTaskIds whether they include the migration to version 2, which adds the round to the ids of tasks
     * @param removesRequests whether they include the migration to version 17, which deletes the plain hashes of
     *     requests from idempotency keys
     */
    private static void assertKept(
            Map<String, List<Map<String, String>>> before,
            Map<String, List<Map<String, String>>> after,
            boolean changesTaskIds,
            boolean removesRequests) {
        before.forEach((table, rows) -> {
            List<Map<String, String>> now = after.getOrDefault(table, List.of());
            assertThat(now).as(table).isNotEmpty();
            Set<String> common = new TreeSet<>(rows.getFirst().keySet());
            common.retainAll(now.getFirst().keySet());
            if (changesTaskIds) {
                common.remove("task_instance");
            }
            if (removesRequests && table.equals("idempotency_key")) {
                common.remove("request");
            }
            assertThat(only(common, now)).as(table).containsExactlyInAnyOrderElementsOf(only(common, rows));
        });
    }

    /**
     * Checks the data of a database of the newest version: the id of the task has a round, and the deletion of an
     * instance deletes everything that belongs to it.
     */
    private static void assertIsNewest(JdbcClient jdbc) {
        assertThat(rows(jdbc).getOrDefault("scheduled_tasks", List.of()))
                .singleElement()
                .extracting(row -> row.get("task_instance"))
                .isEqualTo(MigrationData.SCAN + "/1/n");
        jdbc.sql("delete from instance").update();
        assertThat(rows(jdbc)).allSatisfy((table, rows) -> {
            if (!INDEPENDENT_OF_INSTANCES.contains(table)) {
                assertThat(rows).as(table).isEmpty();
            }
        });
    }

    /** Returns all rows of all tables except Flyway's own. */
    private static Map<String, List<Map<String, String>>> rows(JdbcClient jdbc) {
        Map<String, List<Map<String, String>>> tables = new TreeMap<>();
        jdbc.sql("select lower(table_name) from information_schema.tables where lower(table_schema) = 'public'"
                        + " and lower(table_name) <> 'flyway_schema_history'")
                .query(String.class)
                .list()
                .forEach(table -> tables.put(
                        table,
                        jdbc.sql("select * from " + table).query().listOfRows().stream()
                                .map(MigrationIT::texts)
                                .toList()));
        return tables;
    }

    private static Map<String, String> texts(Map<String, @Nullable Object> row) {
        Map<String, String> texts = new TreeMap<>();
        row.forEach((column, value) -> texts.put(column.toLowerCase(Locale.ROOT), String.valueOf(value)));
        return texts;
    }

    /** Returns copies of rows that have only the given columns. */
    private static List<Map<String, String>> only(Set<String> columns, List<Map<String, String>> rows) {
        return rows.stream()
                .map(row -> {
                    Map<String, String> some = new TreeMap<>(row);
                    some.keySet().retainAll(columns);
                    return some;
                })
                .toList();
    }
}
