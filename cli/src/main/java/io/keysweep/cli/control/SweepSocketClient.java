package io.keysweep.cli.control;

import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.Shell;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Asks the sweeps of this user on this machine. */
final class SweepSocketClient {

    private final SweepsFolder folder;
    private final JsonMapper json = JsonMapper.builder().build();

    SweepSocketClient(Shell shell) {
        folder = SweepsFolder.of(shell);
    }

    /** All sweeps that answer; sockets that nobody listens on any more are taken away. */
    List<SweepStatus> all() {
        try {
            List<SweepStatus> found = new ArrayList<>();
            for (long pid : folder.pids()) {
                ask(pid, SweepRequestLine.of("status", null))
                        .map(SweepAnswerLine::status)
                        .ifPresent(found::add);
            }
            return found;
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.USAGE, "the sweeps' sockets cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Asks something of one sweep.
     *
     * @throws CommandFailure if there is no such sweep, or if it refuses
     */
    SweepStatus tell(long pid, SweepRequestLine request) {
        SweepAnswerLine answer = ask(pid, request)
                .orElseThrow(() -> new CommandFailure(
                        ExitCode.USAGE,
                        "PID is '" + pid
                                + "', must be that of a sweep of yours on this machine, see 'keysweep sweeps'"));
        if (answer.refusal() != null) {
            throw new CommandFailure(ExitCode.USAGE, answer.refusal());
        }
        return Objects.requireNonNull(answer.status());
    }

    private Optional<SweepAnswerLine> ask(long pid, SweepRequestLine request) {
        Path socket = folder.socket(pid);
        if (!Files.exists(socket)) {
            return Optional.empty();
        }
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            ByteBuffer line =
                    ByteBuffer.wrap((json.writeValueAsString(request) + "\n").getBytes(StandardCharsets.UTF_8));
            while (line.hasRemaining()) {
                channel.write(line);
            }
            return Optional.of(json.readValue(Channels.newInputStream(channel), SweepAnswerLine.class));
        } catch (IOException | JacksonException e) {
            takeAwayIfStale(pid, socket);
            return Optional.empty();
        }
    }

    private static void takeAwayIfStale(long pid, Path socket) {
        try {
            if (ProcessHandle.of(pid).isEmpty() && !listens(socket)) {
                Files.deleteIfExists(socket);
            }
        } catch (IOException e) {
            // It stays for the next look.
        }
    }

    /** Whether somebody listens on that socket. */
    static boolean listens(Path socket) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return channel.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
