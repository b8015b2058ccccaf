package io.keysweep.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Migrates databases of every earlier version, with data in all tables, to the newest version. */
@Order(1)
class MigrationIT {

    /** Tables whose rows are not deleted with an instance. */
    private static final Set<String> OTHERS = Set.of(
            "project",
            "access_key",
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

    static Stream<Arguments> versions() {
        MigrationInfo[] migrations = TestDatabase.migration("h2")
                .dataSource("jdbc:h2:mem:versions", "", "")
                .load()
                .info()
                .all();
        return Stream.of("h2", "postgresql")
                .flatMap(dialect -> Arrays.stream(migrations)
                        .map(migration -> Arguments.of(dialect, String.valueOf(migration.getVersion()))));
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
        assertThat(before)
                .allSatisfy((table, rows) -> assertThat(rows)
                        .as("MigrationData has a row for " + table)
                        .isNotEmpty());

        TestDatabase.migration(dialect).dataSource(dataSource).load().migrate();
        Map<String, List<Map<String, String>>> after = rows(jdbc);
        before.forEach((table, rows) -> {
            List<Map<String, String>> now = after.getOrDefault(table, List.of());
            assertThat(now).as(table).isNotEmpty();
            Set<String> common = new TreeSet<>(rows.getFirst().keySet());
            common.retainAll(now.getFirst().keySet());
            if (version.equals("1")) {
                // Only this value changes in a migration: from version 2, the id of an execution contains the round.
                common.remove("task_instance");
            }
            if (table.equals("idempotency_key")
                    && !MigrationVersion.fromVersion(version).isNewerThan("19")) {
                // From version 20, this value is a keyed digest; the older hashes are deleted.
                common.remove("request");
            }
            assertThat(only(common, now)).as(table).containsExactlyInAnyOrderElementsOf(only(common, rows));
        });
        assertThat(after.getOrDefault("scheduled_tasks", List.of()))
                .singleElement()
                .extracting(row -> row.get("task_instance"))
                .isEqualTo(MigrationData.SCAN + "/1/n");

        // Later tables accept rows that refer to the migrated rows, and lose them with the instance.
        MigrationData.after(version).forEach(insert -> jdbc.sql(insert).update());
        jdbc.sql("delete from instance").update();
        assertThat(rows(jdbc)).allSatisfy((table, rows) -> {
            if (!OTHERS.contains(table)) {
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
