package io.keysweep.cli.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.testkit.CommandLineJvm;
import io.keysweep.testkit.ServiceJvm;
import io.keysweep.testkit.Waits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Runs {@code keysweep quickstart} in its own process, with its own folder for temporary files. */
final class QuickstartRun implements AutoCloseable {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private final Process process;
    private final Path temporary;
    private final Path out;
    private final Path err;

    private QuickstartRun(Process process, Path temporary, Path out, Path err) {
        this.process = process;
        this.temporary = temporary;
        this.out = out;
        this.err = err;
    }

    /** Starts the command, with the service's jar of this build. */
    static QuickstartRun start(Path folder, String... arguments) throws IOException {
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        List<String> words = new ArrayList<>(List.of("quickstart"));
        words.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(CommandLineJvm.command(List.of(), words))
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment().put("TMPDIR", temporary.toString());
        builder.environment().put("KEYSWEEP_ROOT", ROOT.toString());
        builder.environment().put("KEYSWEEP_LAUNCHER", launcher(folder).toString());
        return new QuickstartRun(builder.start(), temporary, folder.resolve("out"), folder.resolve("err"));
    }

    /**
     * Writes a launcher script. The real one first builds what is out of date, which would disturb the running build.
     * The first argument is the command {@code server}, which the service itself does not take.
     */
    private static Path launcher(Path folder) throws IOException {
        Path launcher = folder.resolve("launcher");
        Files.writeString(
                launcher, "#!/bin/sh\nshift\nexec '" + String.join("' '", ServiceJvm.packaged()) + "' \"$@\"\n");
        return Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
    }

    String out() throws IOException {
        return Files.readString(out);
    }

    String err() throws IOException {
        return Files.readString(err);
    }

    /** Waits until the process has written this text to its error stream. */
    void awaitErr(String words) {
        Waits.await("'" + words + "' is written", process, () -> read(err))
                .until(() -> read(err).contains(words));
    }

    /** Waits for the first complete line of the output. */
    String awaitLine() {
        Waits.await("a line is written", process, () -> read(err))
                .until(() -> read(out).endsWith("\n"));
        return read(out).strip();
    }

    /** Sends SIGTERM. */
    QuickstartRun terminate() {
        process.destroy();
        return this;
    }

    /** Sends SIGKILL. */
    void kill() {
        process.destroyForcibly();
    }

    int exitCode() throws InterruptedException, IOException {
        assertThat(process.waitFor(10, TimeUnit.MINUTES)).as(err()).isTrue();
        return process.exitValue();
    }

    /** Waits until no temporary file is left, and no process that was started with one. */
    void awaitNothingLeft() {
        await("nothing is left", () -> filesLeft().isEmpty() && processesLeft().isEmpty());
    }

    List<String> filesLeft() {
        try (Stream<Path> files = Files.list(temporary)) {
            return files.map(Path::toString).toList();
        } catch (IOException e) {
            return List.of(e.toString());
        }
    }

    private List<String> processesLeft() {
        return ProcessHandle.allProcesses()
                .flatMap(process -> process.info().commandLine().stream())
                .filter(commandLine -> commandLine.contains(temporary + "/"))
                .toList();
    }

    static boolean listens(URI uri) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), uri.getPort())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        // If a test fails, this ends the command. The processes that the command has started end with it.
        process.destroyForcibly();
    }

    private void await(String words, BooleanSupplier condition) {
        Waits.await(words)
                .untilAsserted(() -> assertThat(condition.getAsBoolean())
                        .as("%s; the error stream has: %s", words, read(err))
                        .isTrue());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }
}
