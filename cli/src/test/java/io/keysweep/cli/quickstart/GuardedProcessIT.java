package io.keysweep.cli.quickstart;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that a process of the quickstart ends, and its folders are removed, even if the quickstart is killed. */
final class GuardedProcessIT {

    private static final Map<String, String> ENVIRONMENT = Map.of("PATH", "/usr/bin:/bin");

    private final Path temporary;
    private final Path parent;
    private final Path folder;

    GuardedProcessIT(@TempDir Path temporary) {
        this.temporary = temporary;
        this.parent = temporary.resolve("parent");
        this.folder = parent.resolve("child");
    }

    @Test
    void close_runningProcess_endsItAndRemovesTheFolders() throws Exception {
        GuardedProcess process = start("echo $$ >\"$FOLDER/pid\"; exec sleep 600");
        ProcessHandle child = awaitChild();

        assertThat(process.running()).isTrue();
        process.close();

        assertThat(child.isAlive()).isFalse();
        assertThat(parent).doesNotExist();
    }

    @Test
    void lastOutput_processThatEndedByItself_isKeptUntilClose() throws Exception {
        GuardedProcess process = start("echo starting; echo 'no luck' >&2; printf '\\tat frame\\n'; exit 3");
        await("the process ends").until(() -> !process.running());

        assertThat(process.lastOutput()).isEqualTo("starting\nno luck");
        assertThat(process.failure("has ended").getMessage())
                .startsWith("the test has ended")
                .endsWith("no luck");

        process.close();
        assertThat(parent).doesNotExist();
    }

    @Test
    void close_otherFolderInTheParent_keepsThatFolder() throws Exception {
        GuardedProcess process = start("echo $$ >\"$FOLDER/pid\"; exec sleep 600");
        awaitChild();
        Path otherFolder = Files.createDirectory(parent.resolve("other"));

        process.close();

        assertThat(folder).doesNotExist();
        assertThat(otherFolder).exists();
    }

    @Test
    void guardian_ownerKilledHard_stillCleansUp() throws Exception {
        Process owner = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Owner.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(temporary.resolve("owner").toFile())
                .start();
        await("the child writes its pid", owner, () -> text(temporary.resolve("owner")))
                .until(() -> text(folder.resolve("pid")).endsWith("\n"));
        ProcessHandle child = awaitChild();

        owner.destroyForcibly().waitFor();

        await("child and folder are removed").until(() -> !child.isAlive() && !Files.exists(parent));
    }

    /** Runs as a process that starts a guarded one, and waits until it is killed, for five minutes at most. */
    static final class Owner {

        private Owner() {}

        public static void main(String[] arguments) throws InterruptedException {
            Path folder = Path.of(arguments[0]);
            GuardedProcess process = startIn(folder, "echo $$ >\"$FOLDER/pid\"; exec sleep 600");
            Thread.currentThread().join(Duration.ofMinutes(5));
            process.close();
        }
    }

    private GuardedProcess start(String script) {
        return startIn(folder, script);
    }

    private static GuardedProcess startIn(Path folder, String script) {
        return GuardedProcess.start(
                "the test", folder, ENVIRONMENT, List.of("/bin/sh", "-c", "FOLDER=" + folder + "; " + script));
    }

    private ProcessHandle awaitChild() {
        Path file = folder.resolve("pid");
        await("the child writes its pid").until(() -> text(file).endsWith("\n"));
        return ProcessHandle.of(Long.parseLong(text(file).strip())).orElseThrow();
    }

    private static String text(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            return "";
        }
    }
}
