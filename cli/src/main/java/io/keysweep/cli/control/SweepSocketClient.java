package io.keysweep.cli.control;

import io.keysweep.api.text.Amounts;
import io.keysweep.api.text.FileProblem;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends the requests of {@code keysweep sweeps} to the sweeps that the same user runs on this machine. Each request
 * goes to the {@link SweepSocket} of one process, and waits for the answer for a few seconds at most. A sweep that does
 * not answer is probably suspended (Ctrl-Z).
 */
final class SweepSocketClient {

    /** Time limit for the answer to one request, which a running sweep gives within milliseconds. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(3);

    private final CommandContext context;
    private final Duration answerLimit;
    private final List<SweepsFolder> folders;
    private final JsonMapper json = JsonMapper.builder().build();

    SweepSocketClient(CommandContext context) {
        this(context, ANSWER_LIMIT);
    }

    /** Creates a client with another time limit for each answer. */
    SweepSocketClient(CommandContext context, Duration answerLimit) {
        this.context = context;
        this.answerLimit = answerLimit;
        folders = SweepsFolder.all(context);
    }

    /** Signals that a process listens but does not answer in time. */
    private static final class SilentException extends Exception {}

    /**
     * Returns the status of all sweeps that answer, in the order of their process ids. The user sees on standard error
     * which sweeps do not answer. Also removes the sockets of processes that have ended.
     *
     * @throws CommandFailure if the folder of the sockets cannot be read
     */
    List<SweepStatus> all() {
        try {
            List<SweepStatus> statuses = new ArrayList<>();
            for (SweepsFolder folder : folders) {
                for (long pid : folder.pids()) {
                    addStatus(pid, folder.socket(pid), statuses);
                }
            }
            statuses.sort(Comparator.comparingLong(SweepStatus::pid));
            return statuses;
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.USAGE, "the folder of the sweeps' sockets cannot be read: " + FileProblem.of(e), e);
        }
    }

    /** Adds the status of a sweep if it answers. If it listens but does not answer, the user sees that. */
    private void addStatus(long pid, Path socket, List<SweepStatus> statuses) {
        try {
            send(pid, socket, SweepRequestLine.of("status", /* reason= */ null))
                    .map(SweepAnswerLine::status)
                    .ifPresent(statuses::add);
        } catch (SilentException e) {
            context.err().println("keysweep: " + silenceMessage(pid));
        }
    }

    /**
     * Sends a request to one sweep and returns its status after the request.
     *
     * @throws CommandFailure if there is no such sweep, if it does not answer in time, or if it refuses the request
     */
    SweepStatus request(long pid, SweepRequestLine request) {
        Optional<SweepAnswerLine> receivedAnswer = Optional.empty();
        try {
            for (SweepsFolder folder : folders) {
                if (receivedAnswer.isEmpty()) {
                    receivedAnswer = send(pid, folder.socket(pid), request);
                }
            }
        } catch (SilentException e) {
            throw new CommandFailure(
                    ExitCode.UNREACHABLE, silenceMessage(pid) + ". It carries out the request once it continues", e);
        }
        SweepAnswerLine answer = receivedAnswer.orElseThrow(() -> new CommandFailure(
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
     *
     * @throws SilentException if the process listens but does not answer in time
     */
    private Optional<SweepAnswerLine> send(long pid, Path socket, SweepRequestLine request) throws SilentException {
        if (!Files.exists(socket)) {
            return Optional.empty();
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            // These channels have no time limits of their own. Closing the channel ends a read or write that waits.
            CompletableFuture.delayedExecutor(answerLimit.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(() -> close(channel));
            channel.connect(UnixDomainSocketAddress.of(socket));
            ByteBuffer line =
                    ByteBuffer.wrap((json.writeValueAsString(request) + "\n").getBytes(StandardCharsets.UTF_8));
            while (line.hasRemaining()) {
                channel.write(line);
            }
            // The JSON library returns null for an answer that contains only null.
            return Optional.ofNullable(
                    json.readValue(Channels.newInputStream(channel).readAllBytes(), SweepAnswerLine.class));
        } catch (ClosedChannelException e) {
            throw new SilentException();
        } catch (IOException | JacksonException e) {
            removeIfStale(pid, socket);
            return Optional.empty();
        }
    }

    private String silenceMessage(long pid) {
        return "the sweep with PID " + pid + " does not answer within " + Amounts.duration(answerLimit)
                + ": if it is suspended (Ctrl-Z), 'fg' or 'kill -CONT " + pid + "' continues it";
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // The request has ended in any case.
        }
    }

    /**
     * Removes a socket whose process has ended without removing it. Also tries to connect to the socket, because in a
     * container the ids of other processes may not be visible.
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
