package io.keysweep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.TestShell;
import io.keysweep.testkit.CommandLineJvm;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.Waits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Starts a sweep in a separate process, and controls it by {@code keysweep sweeps}.
 *
 * <p>A running sweep listens on a Unix socket below {@code XDG_RUNTIME_DIR}, where {@code keysweep sweeps} finds it.
 */
final class SweepsIT {

    private static final int LIVE = 20_000;
    private static final int DEAD = 10_000;

    @TempDir
    private Path runtime;

    private RedisServer redis;
    private KeySpace keys;
    private final List<Process> processes = new ArrayList<>();

    @BeforeEach
    void plant() {
        redis = RedisServer.start(RedisVersion.REDIS_7_0);
        keys = KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, LIVE, DEAD);
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
        redis.close();
    }

    @Test
    void sweep_pausedTunedAndResumedByAnotherProcess_countsEveryKeyOnce() throws Exception {
        // 50 keys per second, so that the sweep does not end before the test controls it.
        Process sweep = sweep("--max-rate=50");
        String pid = String.valueOf(sweep.pid());
        awaitListed(sweep, "visited");

        assertThat(listSweeps().get(0).get("pid").asString()).isEqualTo(pid);
        assertThat(listSweeps().get(0).get("server").asString()).isEqualTo(redis.uri());

        // The list shows the pause and its reason.
        TestShell pauseShell = run(ExitCode.DONE, "sweeps", "pause", pid, "--reason", "backup");
        assertThat(pauseShell.out())
                .contains(pid + "  " + redis.uri())
                .contains("held: paused by " + System.getProperty("user.name") + ": backup");

        // A paused sweep takes a new pace and remains paused.
        TestShell tuneShell = run(ExitCode.DONE, "sweeps", "tune", pid, "--profile=full", "--no-max-rate");
        assertThat(tuneShell.out()).contains("4.0 ms a step, share 1.0").doesNotContain("at most");
        assertThat(listSweeps().get(0).get("hold").asString()).endsWith(": backup");
        assertThat(sweep.isAlive()).isTrue();

        // The resumed sweep counts every expired key. At its end, it removes its socket.
        TestShell resumeShell = run(ExitCode.DONE, "sweeps", "resume", pid);
        assertThat(resumeShell.out()).doesNotContain("paused");

        assertThat(exitCode(sweep)).isZero();
        assertThat(output(sweep)).contains("10,000 expired keys (exact)");
        assertThat(error(sweep)).contains("Paused by", ": backup", "Resumed by", "Pace changed by");
        assertThat(keys.size(0)).isEqualTo(LIVE);
        assertThat(listSweeps()).isEmpty();
        assertThat(runtime.resolve("keysweep")).isEmptyDirectory();
    }

    @Test
    void sweep_cancelledByAnotherProcess_keepsItsCounts() throws Exception {
        Process sweep = sweep("--max-rate=50", "--json");
        awaitListed(sweep, "reclaimed");
        run(ExitCode.DONE, "sweeps", "cancel", String.valueOf(sweep.pid()), "--reason=enough");

        assertThat(exitCode(sweep)).isEqualTo(ExitCode.INTERRUPTED.number());

        JsonNode report = JsonMapper.builder().build().readTree(output(sweep));
        assertThat(report.get("ending").asString()).isEqualTo("CANCELLED");
        assertThat(report.get("total").get("reclaimed").asLong()).isEqualTo(LIVE + DEAD - keys.size(0));
        assertThat(error(sweep)).contains("Cancelled by").contains(": enough");
    }

    @Test
    void socket_ofAKilledSweep_isRemovedByTheNextListing() throws Exception {
        Process sweep = sweep("--max-rate=50");
        Path socket = runtime.resolve("keysweep").resolve(sweep.pid() + ".sock");
        awaitListed(sweep, "visited");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.getParent())))
                .isEqualTo("rwx------");

        sweep.destroyForcibly().waitFor();
        assertThat(socket).exists();
        assertThat(listSweeps()).isEmpty();
        assertThat(socket).doesNotExist();

        TestShell lateShell = run(ExitCode.USAGE, "sweeps", "pause", String.valueOf(sweep.pid()));
        assertThat(lateShell.err())
                .contains("PID is '" + sweep.pid() + "', must be the process id of one of your sweeps");
    }

    @Test
    void request_withBadInput_isRefusedWithFieldValueAndRule() throws Exception {
        Process sweep = sweep("--max-rate=50");
        String pid = String.valueOf(sweep.pid());
        awaitListed(sweep, "visited");

        assertThat(run(ExitCode.USAGE, "sweeps", "tune", pid).err()).contains("nothing to change");
        assertThat(run(ExitCode.USAGE, "sweeps", "tune", pid, "--share=2").err())
                .contains("--share is 2, must be");
        assertThat(run(ExitCode.USAGE, "sweeps", "tune", pid, "--stall-budget=0")
                        .err())
                .contains("--stall-budget is 0 ms, must be");
        assertThat(run(ExitCode.USAGE, "sweeps", "tune", pid, "--max-rate=0").err())
                .contains("--max-rate is 0, must be");
        assertThat(run(ExitCode.USAGE, "sweeps", "tune", pid, "--max-rate=5", "--no-max-rate")
                        .err())
                .contains("exclude each other");
        assertThat(run(ExitCode.USAGE, "sweeps", "pause", pid, "--reason=a\tb").err())
                .contains("--reason is 'a\\tb', must be");
        assertThat(run(ExitCode.USAGE, "sweeps", "pause", "x").err()).contains("PID");

        // On a busy machine, the load may also hold the sweep.
        assertThat(String.valueOf(listSweeps().get(0).path("hold"))).doesNotContain("paused");
    }

    /** Starts {@code keysweep sweep} in a separate process. */
    private Process sweep(String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("sweep"));
        arguments.addAll(List.of(options));
        arguments.add(redis.uri());
        ProcessBuilder builder = new ProcessBuilder(CommandLineJvm.command(List.of(), arguments));
        builder.environment().put("XDG_RUNTIME_DIR", runtime.toString());
        int number = processes.size();
        builder.redirectOutput(runtime.resolve(number + ".out").toFile());
        builder.redirectError(runtime.resolve(number + ".err").toFile());
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    /** Waits until the sweep is the only one that is listed, and has visited or reclaimed keys. */
    private void awaitListed(Process sweep, String field) {
        Waits.await("the sweep is listed and has " + field + " keys", sweep, () -> error(sweep))
                .until(() -> {
                    JsonNode sweeps = listSweeps();
                    return sweeps.size() == 1 && sweeps.get(0).get(field).asLong() > 0;
                });
    }

    private String output(Process sweep) throws IOException {
        return Files.readString(runtime.resolve(processes.indexOf(sweep) + ".out"));
    }

    private String error(Process sweep) {
        try {
            return Files.readString(runtime.resolve(processes.indexOf(sweep) + ".err"));
        } catch (IOException e) {
            return "no output: " + e.getMessage();
        }
    }

    private static int exitCode(Process sweep) throws InterruptedException {
        assertThat(sweep.waitFor(3, TimeUnit.MINUTES)).isTrue();
        return sweep.exitValue();
    }

    /** Returns the sweeps that {@code keysweep sweeps} lists. */
    private JsonNode listSweeps() {
        return JsonMapper.builder()
                .build()
                .readTree(run(ExitCode.DONE, "sweeps", "--json").out());
    }

    /** Runs a command in this process, checks its exit code, and returns the shell with its output. */
    private TestShell run(ExitCode exitCode, String... arguments) {
        // The usual home folder may contain sockets of sweeps that other tests run at the same time.
        TestShell shell = new TestShell()
                .with("XDG_RUNTIME_DIR", runtime.toString())
                .with("KEYSWEEP_HOME", runtime.resolve("home").toString());
        assertThat(KeysweepCommand.run(shell.context(), arguments))
                .as(shell.out() + shell.err())
                .isEqualTo(exitCode.number());
        return shell;
    }
}
