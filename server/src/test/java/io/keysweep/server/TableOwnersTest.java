package io.keysweep.server;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Searches the sources for SQL, and checks that only one package writes each table. Other packages may read the table.
 *
 * <p>So a reader finds everything that can happen to a row in one package.
 */
class TableOwnersTest {

    private static final Path SOURCES = Path.of("src/main/java/io/keysweep/server");
    private static final Path MIGRATIONS = Path.of("src/main/resources/db/migration");

    /**
     * Names the package that writes a table, and describes the table.
     *
     * @param owningPackage package below {@code io.keysweep.server}; empty if no SQL in the sources writes the table
     */
    private record Owner(String owningPackage, String contents) {}

    private static final Map<String, Owner> OWNERS = Map.ofEntries(
            entry("access_key", new Owner("iam/principal", "access keys, which identify callers")),
            entry("access_policy", new Owner("iam/principal", "named lists of permissions")),
            entry("audit_entry", new Owner("audit", "the chain of entries, to which rows are only added")),
            entry("audit_head", new Owner("audit", "the newest entry, locked while another is added")),
            entry("audit_intent", new Owner("audit", "calls that have begun")),
            entry("autoscan", new Owner("autoscan", "the configuration of automatic scans")),
            entry("autoscan_start", new Owner("autoscan", "outcomes of automatic starts")),
            entry("console_session", new Owner("console/session", "the people who are signed in")),
            entry("hold", new Owner("control", "project holds and the global hold")),
            entry("idempotency_key", new Owner("request", "create requests that clients may repeat")),
            entry("instance", new Owner("instance", "registered servers with their secrets")),
            entry("instance_cliff", new Owner("cliff", "the cliffs of forecasts that were announced")),
            entry("instance_estimate", new Owner("estimate", "the last estimate of each instance")),
            entry("instance_trend", new Owner("trend", "the history of each instance")),
            entry("instance_policy", new Owner("policy", "policies of instances, instead of the defaults")),
            entry("master_key_check", new Owner("iam/principal", "a value that only the right master key decrypts")),
            entry("memory_watch", new Owner("autoscan", "evictions so far, for starts because of low memory")),
            entry("permit", new Owner("budget", "which sweeps may run at the same time")),
            entry("permit_lock", new Owner("", "one row, which its migration creates and which is only locked")),
            entry("principal_lock", new Owner("", "one row, which its migration creates and which is only locked")),
            entry("project", new Owner("iam/principal", "projects own instances and access keys")),
            entry("project_policy", new Owner("policy", "the defaults of projects")),
            entry("raised_settings", new Owner("assist", "former settings of servers that assist has raised")),
            entry("scan", new Owner("scan", "states of scans, and instructions for them")),
            entry("scan_approval", new Owner("approval", "scans above ceilings that wait for a second person")),
            entry("scan_event", new Owner("timeline", "the events in the timelines of scans")),
            entry("scan_reading", new Owner("scan", "all primaries of a cluster when its scan began and ended")),
            entry("sweep_database", new Owner("sweep", "counts of each database of a sweep")),
            entry("scan_held", new Owner("notify", "since when scans have been on hold, for notices of long holds")),
            entry("scheduled_tasks", new Owner("", "tasks of db-scheduler, which only the library reads and writes")),
            entry("sweep", new Owner("sweep", "the parts of scans, one for each primary")),
            entry("sweep_assist", new Owner("sweep", "what assist has done on each primary")),
            entry("sweep_hold", new Owner("sweep", "times in which sweeps sent no steps")),
            entry("sweep_interruption", new Owner("sweep", "interruptions of sweeps")),
            entry("sweep_position", new Owner("sweep", "positions in databases at the last checkpoint")),
            entry("sweep_sample", new Owner("sweep", "counts and paces of sweeps over time")),
            entry("user_account", new Owner("iam/principal", "people, who sign in with a password")),
            entry("webhook", new Owner("notify", "where notices are sent to")),
            entry("webhook_delivery", new Owner("notify", "notices for webhooks, and their attempts")),
            entry("webhook_held", new Owner("notify", "which webhooks were already notified of a long hold")),
            entry("worker", new Owner("worker", "the processes and their heartbeats")));

    /**
     * The classes that write sweeps. A worker writes through SweepAttempt. SweepStore plans, claims and abandons
     * sweeps.
     */
    private static final Set<String> SWEEP_WRITERS = Set.of(
            "SweepStore",
            "SweepAttempt",
            "RunRows",
            "HoldRows",
            "PositionRows",
            "DatabaseRows",
            "AssistRows",
            "SampleRows");

    /** The classes that compute a table name. PolicyStore writes {@code project_policy} or {@code instance_policy}. */
    private static final Set<String> DYNAMIC_WRITERS = Set.of("PolicyStore");

    private static final Pattern WRITE = Pattern.compile(
            "\\b(?:insert\\s+into|delete\\s+from|merge\\s+into|truncate\\s+table)\\s+([a-z_]+)"
                    + "|\\bupdate\\s+([a-z_]+)\\s+set\\b",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern DYNAMIC_WRITE = Pattern.compile(
            "\\b(?:insert\\s+into|delete\\s+from|merge\\s+into|update)\\s+(?:\"|%s|\\$\\{)", Pattern.CASE_INSENSITIVE);

    /** Describes a statement that writes a table, by the package and the class of its source. */
    private record Write(String table, String writingPackage, String className) {}

    @Test
    void tables_ofTheMigrations_allHaveAnOwner() {
        Set<String> tables = new TreeSet<>();
        for (Path migration : files(MIGRATIONS, ".sql")) {
            Pattern.compile("create table ([a-z_]+)|drop table ([a-z_]+)|alter table ([a-z_]+) rename to ([a-z_]+)")
                    .matcher(text(migration))
                    .results()
                    .forEach(statement -> apply(statement, tables));
        }

        assertThat(OWNERS.keySet()).containsExactlyInAnyOrderElementsOf(tables);
    }

    @Test
    void table_isWrittenByTheClassesOfItsOwnerOnly() {
        for (Write write : writes()) {
            Owner owner = Objects.requireNonNull(
                    OWNERS.get(write.table()), () -> "no owner of table " + write.table() + ": " + write.className());
            assertThat(write.writingPackage())
                    .as(
                            "%s writes table %s, which belongs to package '%s': %s",
                            write.className(), write.table(), owner.owningPackage(), owner.contents())
                    .isEqualTo(owner.owningPackage());
        }

        assertThat(writes()).hasSizeGreaterThan(40);
    }

    @Test
    void tables_ofSweeps_areWrittenByTheListedClassesOnly() {
        assertThat(writes())
                .filteredOn(write -> "sweep".equals(write.writingPackage()))
                .extracting(Write::className)
                .hasSameElementsAs(SWEEP_WRITERS);
    }

    @Test
    void tableNames_areComputedInListedClassesOnly() {
        assertThat(sources(
                        source -> DYNAMIC_WRITE.matcher(withoutComments(source)).find()))
                .containsExactlyInAnyOrderElementsOf(DYNAMIC_WRITERS);
    }

    /** An upgrade of db-scheduler may change its table, so only classes of db-scheduler may know the columns. */
    @Test
    void table_ofDbScheduler_isNamedInNoSource() {
        assertThat(sources(source -> source.contains("scheduled_tasks"))).isEmpty();
    }

    /** Applies a statement that creates, drops or renames a table to the set of existing tables. */
    private static void apply(MatchResult statement, Set<String> tables) {
        if (statement.group(1) != null) {
            tables.add(statement.group(1));
        } else if (statement.group(2) != null) {
            tables.remove(statement.group(2));
        } else {
            tables.remove(statement.group(3));
            tables.add(statement.group(4));
        }
    }

    /** Returns all statements in the sources that write a table. */
    private static List<Write> writes() {
        List<Write> writes = new ArrayList<>();
        for (Path file : files(SOURCES, ".java")) {
            Path folder = SOURCES.relativize(file).getParent();
            WRITE.matcher(withoutComments(text(file)))
                    .results()
                    .map(write -> write.group(1) == null ? write.group(2) : write.group(1))
                    .forEach(table -> writes.add(new Write(
                            table.toLowerCase(Locale.ROOT), folder == null ? "" : folder.toString(), type(file))));
        }
        return writes;
    }

    /** Returns the names of the classes whose source meets a condition. */
    private static List<String> sources(Predicate<String> condition) {
        return files(SOURCES, ".java").stream()
                .filter(file -> condition.test(text(file)))
                .map(TableOwnersTest::type)
                .toList();
    }

    private static String type(Path file) {
        return file.getFileName().toString().replace(".java", "");
    }

    private static String withoutComments(String source) {
        return source.replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("(?m)^\\s*//.*$", "");
    }

    /** Returns the files in the order of their version, which is the number in the name of a migration. */
    private static List<Path> files(Path folder, String suffix) {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(file -> file.toString().endsWith(suffix))
                    .sorted(Comparator.comparingInt(TableOwnersTest::version).thenComparing(Path::toString))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int version(Path file) {
        String digits = file.getFileName().toString().replaceAll("^V(\\d+)__.*|.*", "$1");
        return digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
