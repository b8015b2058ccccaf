package io.keysweep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.TestShell;
import io.keysweep.testkit.CommandLineJvm;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import io.keysweep.testkit.ServiceJvm;
import io.keysweep.testkit.ServiceProcess;
import io.keysweep.testkit.Waits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the commands for a service against a real service with a real Redis, as a person would type them. */
final class ServiceCommandsIT {

    @TempDir
    private static Path home;

    @TempDir
    private Path folder;

    private static ServiceProcess service;
    private static RedisServer redis;

    @BeforeAll
    static void start() throws IOException {
        redis = RedisServer.start(RedisVersion.REDIS_7_0);
        service = ServiceProcess.launch(ServiceJvm.packaged(), home, Map.of());
        service.awaitListening();

        assertThat(run(shell(), ExitCode.DONE, "scans", "list").err()).contains("There are no scans. Create one with");
        run(shell(), ExitCode.DONE, "instances", "add", "orders", redis.uri());
    }

    @AfterAll
    static void stop() throws Exception {
        service.close();
        redis.close();
    }

    @Test
    void scan_ofANamedInstance_isWaitedForAndListedUnderItsName() {
        try (RespClient client = redis.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 300, /* dead= */ 200);
        }

        TestShell creation = run(shell(), ExitCode.DONE, "scans", "create", "orders", "--wait");

        assertThat(creation.out())
                .contains("success, 100 %")
                .contains("instance       orders (")
                .contains("200 expired keys (exact)");
        assertThat(creation.err()).contains("of orders").contains("100 %, visited");

        // Other commands also find the scan by the name of its instance. A list of all scans shows that name.
        assertThat(run(shell(), ExitCode.DONE, "scans", "list", "--instance", "orders")
                        .out()
                        .lines())
                .hasSizeGreaterThan(1)
                .first()
                .asString()
                .startsWith("ID  ");
        assertThat(run(shell(), ExitCode.DONE, "scans", "list").out())
                .contains("orders  ")
                .contains("success");
        assertThat(run(shell(), ExitCode.DONE, "scans", "get", "orders", "-o", "csv")
                        .out())
                .startsWith("id,instance,type,state,");

        assertThat(run(shell(), ExitCode.USAGE, "scans", "get", "nosuch").err())
                .contains("there is no instance 'nosuch'");
    }

    /** The test has its own server with keys, since a scan of an empty server ends before it can be cancelled. */
    @Test
    void watch_scanThatIsCancelled_exitsWith130() throws Exception {
        try (RedisServer large = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = large.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 3_000, /* dead= */ 3_000);
            run(shell(), ExitCode.DONE, "instances", "add", "slow", large.uri());
            String id = run(shell(), ExitCode.DONE, "scans", "create", "slow", "--max-rate=1", "--timeout=1h")
                    .out()
                    .strip();
            Waits.await("the scan runs").until(() -> status(id), "running"::equals);
            run(shell(), ExitCode.DONE, "scans", "pause", id);
            TestShell watchShell = shell();
            BackgroundCommand watch = BackgroundCommand.start(watchShell, "scans", "watch", "slow");
            watch.awaitErr("held: paused by");

            run(shell(), ExitCode.DONE, "scans", "cancel", "slow", "--reason", "enough");

            assertThat(watch.exitCode()).as(watch.description()).isEqualTo(ExitCode.INTERRUPTED.number());
            assertThat(watchShell.out()).contains("failure        Cancelled by").contains(": enough");
        }
    }

    @Test
    void remove_withoutYes_asksFirst() {
        // Without a terminal, the command cannot ask, so it is refused.
        run(shell(), ExitCode.DONE, "instances", "add", "old", redis.uri());
        assertThat(run(shell(), ExitCode.USAGE, "instances", "remove", "old").err())
                .contains("no terminal to ask on, so give --yes");

        // After the answer "n", the instance still exists.
        TestShell no = run(shell().withTypedLine("n"), ExitCode.INTERRUPTED, "instances", "remove", "old");
        assertThat(no.questions()).containsExactly("Remove instance 'old' and the record of its scans? [y/N] ");
        assertThat(run(shell(), ExitCode.DONE, "instances", "list", "-o", "name")
                        .out()
                        .lines())
                .contains("old");

        // The answer "y" or the option --yes removes it.
        run(shell().withTypedLine("y"), ExitCode.DONE, "instances", "remove", "old");
        run(shell(), ExitCode.DONE, "instances", "add", "old", redis.uri());
        run(shell(), ExitCode.DONE, "instances", "remove", "old", "--yes");

        assertThat(run(shell(), ExitCode.DONE, "instances", "list", "-o", "name")
                        .out()
                        .lines())
                .doesNotContain("old");
    }

    @Test
    void message_ofTheService_namesWhatThePersonTyped() {
        assertThat(run(shell(), ExitCode.USAGE, "instances", "add", "orders", redis.uri())
                        .err())
                .contains("Another instance of the project is named 'orders'.");
        assertThat(run(shell(), ExitCode.USAGE, "instances", "estimate", "orders")
                        .err())
                .contains("--sample-primary is necessary, because no replica can be read");
        assertThat(run(shell(), ExitCode.USAGE, "scans", "create", "orders", "--share=2")
                        .err())
                .contains("--share is '2'");
        assertThat(run(shell(), ExitCode.USAGE, "webhooks", "create", "https://example.com/", "--event=x")
                        .err())
                .contains("--event is 'x', must be one of");
        assertThat(run(shell(), ExitCode.USAGE, "instances", "update", "orders", "--tag=env=!")
                        .err())
                .contains("--tag env is '!', must be a text");
    }

    @Test
    void login_rightSecretKey_savesAContextThatOnlyItsOwnerCanRead() throws IOException {
        Properties keys = new Properties();
        keys.load(Files.newBufferedReader(home.resolve("credentials")));
        Path ownHome = folder.resolve("home");
        String[] login = {
            "login",
            service.endpoint(),
            "--name=prod",
            "--project-id=" + keys.getProperty("project_id"),
            "--access-key=" + keys.getProperty("access_key")
        };

        // A login with a wrong secret key saves nothing.
        assertThat(run(shellWithHome(ownHome).withTypedPassword("wrong"), ExitCode.DENIED, login)
                        .err())
                .contains("The signature does not match");
        assertThat(ownHome.resolve("contexts.yaml")).doesNotExist();

        // After a login with the right one, other commands find the service.
        TestShell loginShell =
                run(shellWithHome(ownHome).withTypedPassword(keys.getProperty("secret_key")), ExitCode.DONE, login);

        assertThat(loginShell.questions()).containsExactly("Secret key: ");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(ownHome.resolve("contexts.yaml"))))
                .isEqualTo("rw-------");
        assertThat(run(shellWithHome(ownHome), ExitCode.DONE, "instances", "list")
                        .out())
                .contains("orders");

        // The list of contexts does not show the secret key.
        TestShell list = run(shellWithHome(ownHome), ExitCode.DONE, "context", "list", "-o", "wide");
        assertThat(list.out())
                .contains("*        prod", service.endpoint())
                .doesNotContain(keys.getProperty("secret_key"));
        assertThat(run(
                                shellWithHome(ownHome).with("KEYSWEEP_ENDPOINT", "http://127.0.0.1:1"),
                                ExitCode.UNREACHABLE,
                                "instances",
                                "list")
                        .err())
                .as("a variable takes precedence over the context")
                .contains("http://127.0.0.1:1");

        // The context "local" stands for the service whose files are in the home folder. Here, it has no such files.
        run(shellWithHome(ownHome), ExitCode.USAGE, "instances", "list", "--context", "local");
        run(shellWithHome(ownHome), ExitCode.DONE, "context", "use", "local");
        run(shellWithHome(ownHome), ExitCode.USAGE, "instances", "list");
        run(shellWithHome(ownHome).with("KEYSWEEP_CONTEXT", "prod"), ExitCode.DONE, "instances", "list");

        assertThat(run(shellWithHome(ownHome), ExitCode.USAGE, "context", "use", "nosuch")
                        .err())
                .contains("there is no context 'nosuch'");

        // A file of contexts that others can read is refused.
        Files.setPosixFilePermissions(ownHome.resolve("contexts.yaml"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(run(shellWithHome(ownHome), ExitCode.DENIED, "context", "list")
                        .err())
                .contains("other users may read");
    }

    @Test
    void completion_inBash_completesCommandsOptionsAndNames() throws Exception {
        BashCompletion bash = BashCompletion.create(
                folder, home, "exec '" + String.join("' '", CommandLineJvm.command()) + "' \"$@\"");

        // Commands, options and fixed values are part of the script.
        assertThat(bash.candidates("sched")).containsExactly("schedules");
        assertThat(bash.candidates("scans", "w")).containsExactly("watch");
        assertThat(bash.candidates("help", "scans", "cr")).containsExactly("create");
        assertThat(bash.candidates("scans", "create", "--pro")).contains("--profile", "--project-id");
        assertThat(bash.candidates("scans", "create", "--profile", "")).contains("gentle", "full");
        assertThat(bash.candidates("scans", "list", "--status", "w")).containsExactly("waiting");
        assertThat(bash.candidates("webhooks", "create", "--event", "scan.h")).containsExactly("scan.held");

        String events = String.join(", ", bash.candidates("webhooks", "create", "--event", ""));
        assertThat(run(shell(), ExitCode.USAGE, "webhooks", "create", "https://example.com/", "--event=x")
                        .err())
                .as("completion offers all events that the service knows")
                .contains("must be one of " + events + ".");

        // Names and ids come from the service. If a busy service does not answer within two seconds, there are no
        // candidates.
        Waits.await("the service answers in time")
                .until(() -> bash.candidates("scans", "create", "or"), List.of("orders")::equals);
        Waits.await("the service answers in time")
                .until(() -> bash.candidates("scans", "create", ""), names -> names.contains("orders"));
        Waits.await("the service answers in time")
                .until(() -> bash.candidates("scans", "list", "--instance", "=", "or"), List.of("orders")::equals);
        Waits.await("the service answers in time")
                .until(() -> bash.candidates("policies", "get", "op"), List.of("operator")::equals);
        Waits.await("the service answers in time")
                .until(() -> bash.candidates("users", "update", "--policy", "vi"), List.of("viewer")::equals);
        Waits.await("the service answers in time")
                .until(() -> bash.candidates("access-keys", "rotate", ""), ids -> ids.size() == 1);

        // Without a service, there are no names to offer.
        assertThat(bash.candidatesWith("KEYSWEEP_ENDPOINT", "http://127.0.0.1:1", "scans", "create", "or"))
                .isEmpty();
    }

    private static String status(String scanId) {
        return service.get("/api/v1/scans/" + scanId).path("status").asString();
    }

    /** Returns a shell whose commands find the service by the files in its home folder. */
    private static TestShell shell() {
        return shellWithHome(home);
    }

    /** Returns a shell of a user with another home folder than the service. */
    private static TestShell shellWithHome(Path keysweepHome) {
        return new TestShell().withHome(keysweepHome).withClock(InstantSource.system());
    }

    /** Runs a command in a shell, checks its exit code, and returns the shell. */
    private static TestShell run(TestShell shell, ExitCode exitCode, String... arguments) {
        assertThat(KeysweepCommand.run(shell.context(), arguments))
                .as(String.join(" ", arguments) + "\n" + shell.out() + shell.err())
                .isEqualTo(exitCode.number());
        return shell;
    }
}
