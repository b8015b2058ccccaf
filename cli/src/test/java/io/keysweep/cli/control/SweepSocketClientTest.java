package io.keysweep.cli.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.TestShell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests what the user sees of a sweep that listens but does not answer, for example because it is suspended. */
final class SweepSocketClientTest {

    private static final long PID = ProcessHandle.current().pid();

    private final TestShell shell = new TestShell();
    private ServerSocketChannel silent;
    private SweepSocketClient client;

    @TempDir
    private Path runtime;

    @BeforeEach
    void listenWithoutAnAnswer() throws IOException {
        shell.with("XDG_RUNTIME_DIR", runtime.toString());
        Path folder = Files.createDirectories(runtime.resolve("keysweep"));
        silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(folder.resolve(PID + ".sock")));
        client = new SweepSocketClient(shell.context(), Duration.ofMillis(50));
    }

    @AfterEach
    void close() throws IOException {
        silent.close();
    }

    @Test
    void all_sweepThatDoesNotAnswer_isNamedAndLeftOut() {
        assertThat(client.all()).isEmpty();
        assertThat(shell.err())
                .contains("the sweep with PID " + PID + " does not answer within 0.05 s", "kill -CONT " + PID);
    }

    @Test
    void all_sweepThatCronHasStarted_isAsked(@TempDir Path home) throws IOException {
        // Cron sets no XDG_RUNTIME_DIR, so the socket is in the home folder. The warning that the sweep does not answer
        // proves that it was asked.
        Path folder = Files.createDirectories(home.resolve("sweeps"));
        try (ServerSocketChannel cronSocket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            cronSocket.bind(UnixDomainSocketAddress.of(folder.resolve("1.sock")));

            new SweepSocketClient(shell.withHome(home).context(), Duration.ofMillis(50)).all();
        }
        assertThat(shell.err())
                .contains("the sweep with PID " + PID + " does not", "the sweep with PID 1 does not answer");
    }

    @Test
    void all_answerThatIsNull_isLeftOut() {
        Thread.ofVirtual().start(() -> {
            try (SocketChannel connection = silent.accept()) {
                connection.read(ByteBuffer.allocate(1_000));
                connection.write(ByteBuffer.wrap("null\n".getBytes(StandardCharsets.UTF_8)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });

        assertThat(new SweepSocketClient(shell.context(), Duration.ofMinutes(1)).all())
                .isEmpty();
        assertThat(shell.err()).isEmpty();
    }

    @Test
    void request_sweepThatDoesNotAnswer_failsInTime() {
        assertThatThrownBy(() -> client.request(PID, SweepRequestLine.of("pause", /* reason= */ null)))
                .isInstanceOfSatisfying(
                        CommandFailure.class,
                        failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.UNREACHABLE))
                .hasMessageContaining("does not answer within");
        assertThat(runtime.resolve("keysweep/" + PID + ".sock")).exists();
    }
}
