package io.keysweep.cli;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.ExitCode;
import io.keysweep.testkit.CommandLineJvm;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.ServiceJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Starts service, command line, scripts and testkit as processes and checks that they agree on the home folder. */
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
final class HomeFolderIT {

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final Path REDIS_SERVERS =
            Path.of("..", "dev", "redis-servers").toAbsolutePath().normalize();

    @TempDir
    private Path home;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void stop() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void serviceAndCommandLine_ifHomeIsSet_shareItsFolder() throws Exception {
        assertCommandLineFindsTheService(home.toString(), /* accountHome= */ null);
    }

    @Test
    void serviceAndCommandLine_ifHomeIsNotSet_shareTheFolderOfTheAccount() throws Exception {
        assertCommandLineFindsTheService(/* homeVariable= */ null, home);
    }

    @Test
    void scriptAndTestkit_ifHomeIsSet_useTheServersInItsFolder() throws Exception {
        Path servers = Files.createDirectories(home.resolve(".cache/keysweep/servers"));
        Files.createSymbolicLink(
                servers.resolve("7.0"), RedisVersion.REDIS_7_0.cliBinary().getParent());
        Path program = servers.resolve("7.0/redis-cli");

        Process script = start(home.toString(), "script", REDIS_SERVERS.toString(), "path", "7.0", "cli");
        assertThat(exitCode(script)).as(output("script")).isZero();
        assertThat(output("script").strip()).isEqualTo(program.toString());

        Process testkit = start(home.toString(), "testkit", java(StartServer.class));
        assertThat(exitCode(testkit)).as(output("testkit")).isZero();
        assertThat(output("testkit").strip()).isEqualTo(program.toString());
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = "relative")
    void script_ifHomeIsNotAbsolute_usesTheFolderOfTheAccount(@Nullable String value) throws Exception {
        Process script = start(value, "script", REDIS_SERVERS.toString(), "path", "7.0");
        // The script prints the path of the server, or says in which folder it is missing.
        exitCode(script);
        Path caches = Path.of(System.getProperty("user.home"), ".cache");
        Path folder = Files.exists(caches) ? caches.toRealPath() : caches;

        assertThat(output("script"))
                .contains(folder.resolve("keysweep").resolve("servers").toString());
        assertThat(Path.of("relative")).doesNotExist();
    }

    /** The folder of an account need not exist. The user nobody, for example, has the folder /nonexistent. */
    @Test
    void script_ifTheFolderOfTheAccountIsMissing_continues() throws Exception {
        String userHome = REDIS_SERVERS.resolveSibling("user-home").toString();
        // Replaces cd by a function that fails, as cd does for a missing folder.
        Process script = start(
                /* homeVariable= */ null,
                "script",
                "bash",
                "-c",
                "set -eu; cd() { return 1; }; . '" + userHome + "'; echo \"$HOME\"");

        assertThat(exitCode(script)).as(output("script")).isZero();
        assertThat(output("script").strip()).isEqualTo(System.getProperty("user.home"));
    }

    @Test
    void script_ifKeysweepCacheIsRelative_isRefused() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(REDIS_SERVERS.toString(), "list");
        builder.environment().put("KEYSWEEP_CACHE", "relative");
        Process script = start(builder, "script");

        assertThat(exitCode(script)).isEqualTo(ExitCode.USAGE.number());
        assertThat(output("script")).contains("KEYSWEEP_CACHE is 'relative', must be an absolute path");
    }

    /**
     * Starts the service and a command with the same home folder, and checks that the command finds the service.
     *
     * @param homeVariable the value of HOME, or null to leave it out
     * @param accountHome the home folder of the account, or null for the home folder of the person who runs the tests
     */
    private void assertCommandLineFindsTheService(@Nullable String homeVariable, @Nullable Path accountHome)
            throws Exception {
        List<String> service = new ArrayList<>(ServiceJvm.packaged());
        if (accountHome != null) {
            // Adds the option after the program java.
            service.add(1, "-Duser.home=" + accountHome);
        }
        service.addAll(List.of("--port", "0"));
        Process server = start(homeVariable, "service", service.toArray(String[]::new));
        Path endpoint = home.resolve(".keysweep/endpoint");
        await("the service listens", server, () -> output("service")).until(() -> Files.exists(endpoint));

        List<String> options = accountHome == null ? List.of() : List.of("-Duser.home=" + accountHome);
        List<String> instances = CommandLineJvm.command(options, List.of("instances", "list"));
        Process commandLine = start(homeVariable, "cli", instances.toArray(String[]::new));

        assertThat(exitCode(commandLine)).as(output("cli")).isZero();
    }

    /** Returns the command that runs a class in another JVM. */
    private static String[] java(Class<?> main) {
        return new String[] {
            JAVA,
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName()
        };
    }

    /** Starts a command with this value of HOME; null leaves HOME out. Its output goes to a file of this name. */
    private Process start(@Nullable String homeVariable, String name, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment()
                .keySet()
                .removeIf(variable ->
                        variable.startsWith("KEYSWEEP_") || variable.startsWith("XDG_") || variable.equals("HOME"));
        if (homeVariable != null) {
            builder.environment().put("HOME", homeVariable);
        }
        return start(builder, name);
    }

    private Process start(ProcessBuilder builder, String name) throws IOException {
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(home.resolve(name + ".out").toFile())
                .start();
        processes.add(process);
        return process;
    }

    private String output(String name) {
        try {
            return Files.readString(home.resolve(name + ".out"));
        } catch (IOException e) {
            return "no output: " + e.getMessage();
        }
    }

    private static int exitCode(Process process) throws InterruptedException {
        assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
        return process.exitValue();
    }

    /** Starts a server as a test would, and prints where the programs of its version are. */
    static final class StartServer {

        private StartServer() {}

        public static void main(String[] arguments) {
            try (RedisServer server = RedisServer.start(RedisVersion.REDIS_7_0)) {
                System.out.println(server.version().cliBinary());
            }
        }
    }
}
