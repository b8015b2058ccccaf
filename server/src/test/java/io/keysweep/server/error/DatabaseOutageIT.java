package io.keysweep.server.error;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestDatabase;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.console.ConsoleClient;
import io.keysweep.testkit.PostgresServer;
import io.keysweep.testkit.ServiceExit;
import io.keysweep.testkit.ServiceProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import tools.jackson.databind.JsonNode;

/** Tests how the service behaves while a real PostgreSQL is unreachable. */
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
class DatabaseOutageIT {

    /** The message of each call that the service refuses because of its database. */
    private static final String MESSAGE =
            "The database of the service could not complete the call; try again in some seconds.";

    /** A test that shuts this server down starts it again. */
    @AutoClose
    private static final PostgresServer database = PostgresServer.start(Map.of());

    /** The name of a database with all tables, of which each test gets a copy, because a migration takes seconds. */
    private static final String MIGRATED = migrate();

    @TempDir
    private Path home;

    @Test
    void requests_whileTheDatabaseIsDown_areRefusedWithStatus503AndRetryAfter() throws Exception {
        try (TestService service = TestService.start(home, Map.of("KEYSWEEP_DATABASE_URL", newDatabase()))) {
            Credentials key = service.administrator();
            ConsoleClient console = new ConsoleClient(service.endpoint());
            console.signIn(key);
            String dcs = "/v2/" + key.projectId() + "/instances";

            database.shutDown();

            // Each request waits some seconds for the database, so the test sends all requests at the same time.
            List<Callable<Answer>> calls = List.of(
                    () -> service.call(key, "GET", "/api/v1/instances", ""),
                    () -> service.call(key, "POST", "/api/v1/projects", "{\"name\":\"x\"}"),
                    () -> service.call(key, "GET", dcs, ""),
                    () -> service.send(
                            "POST",
                            "/v3/auth/tokens",
                            Map.of("Content-Type", "application/json"),
                            "{\"auth\":{\"identity\":{\"hw_ak_sk\":{\"access\":{\"key\":\"" + key.accessKey()
                                    + "\"},\"secret\":{\"key\":\"" + key.secretKey() + "\"}}}}}"));

            List<Answer> answers = new ArrayList<>();
            ConsoleClient.Answer page;
            try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
                Future<ConsoleClient.Answer> pageRequest = threads.submit(() -> console.get("/console/instances"));
                for (Future<Answer> answer : threads.invokeAll(calls)) {
                    answers.add(answer.get());
                }
                page = pageRequest.get();
            }

            // Each API has its own form of the error, and the console has a page. The first two calls are of the native
            // API, and the other two of the DCS API.
            assertThat(answers).allSatisfy(answer -> {
                assertThat(answer.status()).as(answer.response().body()).isEqualTo(503);
                assertThat(answer.header("Retry-After")).isEqualTo("5");
            });

            assertThat(answers.subList(0, 2)).allSatisfy(answer -> {
                assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
                assertThat(answer.body().get("code").asString()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE.code());
                assertThat(answer.body().get("title").asString()).isEqualTo(MESSAGE);
            });
            assertThat(answers.subList(2, 4)).allSatisfy(answer -> {
                assertThat(answer.errorCode()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE.code());
                assertThat(answer.body().get("error_msg").asString()).isEqualTo(MESSAGE);
            });

            assertThat(page.status()).isEqualTo(503);
            assertThat(page.header("Retry-After")).isEqualTo("5");
            assertThat(page.header("Content-Type")).startsWith("text/html");
            assertThat(page.body()).contains(MESSAGE);

            // Calls that need no database are answered as usual.
            assertThat(service.send("GET", "/readyz", Map.of(), "").status()).isEqualTo(503);
            assertThat(service.send("GET", "/livez", Map.of(), "").status()).isEqualTo(200);
            assertThat(service.send("POST", "/api/v1/scans", Map.of("Content-Type", "application/json"), "{}")
                            .status())
                    .isEqualTo(401);

            // After the outage, all is as before, and the refused calls are recorded.
            database.startAgain();
            await("the service answers again")
                    .until(() ->
                            service.call(key, "GET", "/api/v1/instances", "").status() == 200);
            await("the console answers again")
                    .until(() -> console.get("/console/instances").status() == 200);
            // The heartbeats, which the outage has interrupted, are part of the readiness.
            await("the service is ready again")
                    .until(() -> service.send("GET", "/readyz", Map.of(), "").status() == 200);
            await("the refused calls are in the audit log")
                    .untilAsserted(() -> assertThat(service.call(key, "GET", "/api/v1/audit?outcome=refused", "")
                                    .body()
                                    .get("entries"))
                            .extracting(entry -> entry.get("operation").asString()
                                    + entry.get("status").asInt())
                            .containsExactlyInAnyOrder("createProject503", "issueToken503", "createScan401"));
        }
    }

    /** A host that loses power, for example, does not close its connections, and does not answer. */
    @Test
    void requests_whileTheDatabaseHangs_areRefused() throws Exception {
        // The driver waits 3 seconds for an answer of the database.
        String url = newDatabase() + "&socketTimeout=3";
        try (TestService service = TestService.start(home, Map.of("KEYSWEEP_DATABASE_URL", url));
                ExecutorService threads = Executors.newFixedThreadPool(8)) {
            Callable<Answer> call = () -> service.call(service.administrator(), "GET", "/api/v1/instances", "");
            database.freeze();
            try {
                for (Future<Answer> answer : threads.invokeAll(Collections.nCopies(8, call))) {
                    assertThat(answer.get().status()).isEqualTo(503);
                }
            } finally {
                database.thaw();
            }
            await("the service answers again").until(() -> call.call().status() == 200);
        }
    }

    @Test
    void outage_duringTheStartAndLater_isLoggedWithoutStackTraces() throws Exception {
        // The start waits for the database, and logs that it waits.
        Map<String, String> variables = Map.of("KEYSWEEP_DATABASE_URL", newDatabase());
        database.shutDown();
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            Future<ServiceProcess> started = threads.submit(() -> ServiceProcess.start(home, variables));
            Path log = home.resolve("service.log");
            await("the service logs that it waits")
                    .failFast("the start has ended", started::isDone)
                    .until(() -> Files.exists(log) && read(log).contains("Retrying in 3 sec"));
            assertThat(read(log)).contains("Connection to 127.0.0.1").doesNotContain("at org.");

            database.startAgain();
            try (ServiceProcess service = started.get()) {
                assertThat(service.get("/api/v1/instances").isArray()).isTrue();

                // A later outage is logged once, although two calls fail.
                database.shutDown();
                for (int i = 0; i < 2; i++) {
                    assertThat(service.get("/api/v1/instances").path("code").asString())
                            .isEqualTo(ErrorCode.DATABASE_UNAVAILABLE.code());
                }

                database.startAgain();
                await("the service answers again")
                        .until(() -> service.get("/api/v1/instances").isArray());

                assertThat(read(log))
                        .containsOnlyOnce("The database cannot be used at the moment")
                        .doesNotContain("\tat ", "Failed to validate connection");
            }
        }
    }

    /** If a frozen process kept the row locks of its transaction, all other processes would wait for it. */
    @Test
    void process_thatIsFrozenInATransaction_losesItsLocks() throws Exception {
        String url = newDatabase();
        try (ServiceProcess service = ServiceProcess.start(home, Map.of("KEYSWEEP_DATABASE_URL", url));
                Connection connection = DriverManager.getConnection(url);
                ExecutorService threads = Executors.newSingleThreadExecutor()) {
            JdbcClient jdbc = JdbcClient.create(new SingleConnectionDataSource(connection, /* suppressClose= */ true));

            // A call of the service waits for a lock of this test, and is then frozen.
            connection.setAutoCommit(false);
            lockAuditLog(jdbc);
            Future<JsonNode> call =
                    threads.submit(() -> service.call("POST", "/api/v1/projects", "{\"name\":\"frozen\"}"));
            await("the service waits for the lock")
                    .failFast("the call has ended", call::isDone)
                    .until(() -> jdbc.sql("select count(*) from pg_stat_activity where wait_event_type = 'Lock'")
                                    .query(Integer.class)
                                    .single()
                            > 0);
            service.freeze();

            // After the rollback, the frozen process has the lock. This test gets it again, so the process has lost it.
            connection.rollback();
            lockAuditLog(jdbc);
            connection.rollback();

            service.thaw();
            call.get();
            await("the service answers again")
                    .until(() -> service.get("/api/v1/instances").isArray());

            assertThat(read(home.resolve("service.log"))).doesNotContain("\tat ");
        }
    }

    @Test
    void start_whileTheDatabaseIsDownForLongerThanTheWait_fails() throws Exception {
        Map<String, String> variables =
                Map.of("KEYSWEEP_DATABASE_URL", newDatabase(), "KEYSWEEP_DATABASE_WAIT_SECONDS", "1");
        database.shutDown();
        try {
            ServiceExit refusal = ServiceExit.ofRefusedStart(home, variables);

            assertThat(refusal.exitCode()).isEqualTo(ServiceExit.FAILED);
            assertThat(refusal.output())
                    .contains("Retrying in 2 sec")
                    .contains("The database cannot be used: Connection to 127.0.0.1")
                    .doesNotContain("at org.");
        } finally {
            database.startAgain();
        }
    }

    /** Creates a database with all tables, and returns its name. */
    private static String migrate() {
        try {
            String url = database.newDatabase();
            TestDatabase.migration("postgresql")
                    .dataSource(url, /* user= */ null, /* password= */ null)
                    .load()
                    .migrate();
            return PostgresServer.nameOf(url);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the URL of a copy of the migrated database. */
    private static String newDatabase() throws SQLException {
        return database.newDatabase(MIGRATED);
    }

    /** Locks the row that each transaction with an audit entry locks, until the transaction of the test ends. */
    private static void lockAuditLog(JdbcClient jdbc) {
        jdbc.sql("select seq from audit_head for update").query().listOfRows();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
