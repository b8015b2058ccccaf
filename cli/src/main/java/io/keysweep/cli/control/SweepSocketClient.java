package io.keysweep.cli.control;

import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
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

/**
 * Sends the requests of {@code keysweep sweeps} to the sweeps that the same user runs on this machine. Each request
 * goes to the {@link SweepSocket} of one process, and waits for the answer without a time limit.
 */
final class SweepSocketClient {

    private final SweepsFolder folder;
    private final JsonMapper json = JsonMapper.builder().build();

    SweepSocketClient(CommandContext context) {
        folder = SweepsFolder.of(context);
    }

    /**
     * Returns the status of all sweeps that answer, in the order of their process ids. Also removes the sockets of
     * processes that have ended.
     *
     * @throws CommandFailure if the folder of the sockets cannot be read
     */
    List<SweepStatus> all() {
        try {
            List<SweepStatus> statuses = new ArrayList<>();
            for (long pid : folder.pids()) {
                send(pid, SweepRequestLine.of("status", null))
                        .map(SweepAnswerLine::status)
                        .ifPresent(statuses::add);
            }
            return statuses;
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.USAGE, "the folder of the sweeps' sockets cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Sends a request to one sweep and returns its status after the request.
     *
     * @throws CommandFailure if there is no such sweep, or if it refuses the request
     */
    SweepStatus request(long pid, SweepRequestLine request) {
        SweepAnswerLine answer = send(pid, request)
                .orElseThrow(
                        () -> new CommandFailure(
                                ExitCode.USAGE,
                                "PID is '" + pid
                                        + "', must be the process id of one of your sweeps on this machine, see 'keysweep sweeps'"));
        if (answer.refusal() != null) {
            throw new CommandFailure(ExitCode.USAGE, answer.refusal());
        }
        return Objects.requireNonNull(answer.status());
    }

    /**
     * Sends a request and returns the answer; empty if no sweep answers at the socket of the process, or if the answer
     * is not understood. The socket of a process that no longer runs is removed.
     */
    private Optional<SweepAnswerLine> send(long pid, SweepRequestLine request) {
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
            removeIfStale(pid, socket);
            return Optional.empty();
        }
    }

    /**
     * Removes a socket whose process has ended without removing it. Asks the socket too, because in a container the ids
     * of other processes may not be visible.
     */
    private static void removeIfStale(long pid, Path socket) {
        try {
            if (ProcessHandle.of(pid).isEmpty() && !listens(socket)) {
                Files.deleteIfExists(socket);
            }
        } catch (IOException e) {
            // The next 'keysweep sweeps' tries again.
        }
    }

    /** Returns whether a process listens on the socket. */
    static boolean listens(Path socket) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return channel.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
