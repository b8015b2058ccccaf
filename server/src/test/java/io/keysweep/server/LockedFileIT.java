package io.keysweep.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.testkit.Waits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that the lock of a file holds for other processes, and ends when its process is killed. */
final class LockedFileIT {

    @TempDir
    private Path folder;

    @Test
    void removeAbandoned_ofAFileOfAnotherProcess_keepsItUntilTheProcessIsKilled() throws Exception {
        Path file = folder.resolve("health-other");
        Path ownFile = folder.resolve("health-own");
        Process otherProcess = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
        try {
            // The file has its lock before it has its name.
            Waits.await("the other process has written its file", otherProcess, this::output)
                    .until(() -> Files.exists(file));

            LockedFile.removeAbandoned(folder, "health-*", ownFile);
            assertThat(file).hasContent("alive");

            // This sends SIGKILL.
            otherProcess.destroyForcibly().waitFor();
            LockedFile.removeAbandoned(folder, "health-*", ownFile);
            assertThat(file).doesNotExist();
        } finally {
            otherProcess.destroyForcibly();
        }
    }

    private String output() {
        try {
            return Files.readString(folder.resolve("output"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the file that its argument names, and keeps it locked until standard input ends. */
    static final class Holder {

        private Holder() {}

        public static void main(String[] arguments) throws IOException {
            LockedFile locked = LockedFile.write(Path.of(arguments[0]), "alive");
            int ignored = System.in.read();
            locked.close();
        }
    }
}
