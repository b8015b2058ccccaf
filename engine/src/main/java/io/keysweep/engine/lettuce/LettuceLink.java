package io.keysweep.engine.lettuce;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.Exchange;
import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.link.UnexpectedReplyException;
import io.keysweep.engine.topology.NodeRefusedException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.RedisCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Implements a link with one Lettuce connection. The thread that waits for replies also reads the replies from the
 * connection, see {@link CallerRunEventLoop}.
 */
final class LettuceLink implements NodeLink {

    private final StatefulRedisConnection<byte[], byte[]> connection;
    private final CallerRunEventLoop loop;
    private final FirstAnswer firstAnswer;
    private final ConnectionFailures connectionFailures;
    private final Duration firstTimeout;
    private final Duration timeout;
    /** When the last reply was read, ns by {@link System#nanoTime()}. */
    private long lastReplyAt = System.nanoTime();
    /** Whether the server has replied, if only with an error. */
    private boolean answered;

    private boolean closed;

    /**
     * Creates a link for a connection that has just been established.
     *
     * @param firstAnswer explains a connection that the server refuses with an error
     * @param firstTimeout longest wait for the first reply, which shows whether there is a server at all
     * @param timeout longest wait for any other reply
     */
    LettuceLink(
            StatefulRedisConnection<byte[], byte[]> connection,
            CallerRunEventLoop loop,
            FirstAnswer firstAnswer,
            ConnectionFailures connectionFailures,
            Duration firstTimeout,
            Duration timeout) {
        this.connection = connection;
        this.loop = loop;
        this.firstAnswer = firstAnswer;
        this.connectionFailures = connectionFailures;
        this.firstTimeout = firstTimeout;
        this.timeout = timeout;
    }

    @Override
    public Sent send(List<Command> commands) {
        if (closed) {
            throw new LinkBrokenException("connection is closed", null);
        }
        List<AsyncCommand<byte[], byte[], Reply>> sent = new ArrayList<>(commands.size());
        for (Command command : commands) {
            sent.add(new AsyncCommand<>(new LettuceCommand(command)));
        }
        CompletableFuture<Long> end = sent.getLast().toCompletableFuture().handle((reply, error) -> System.nanoTime());
        long start = System.nanoTime();
        // A collection makes Lettuce send several commands in one write.
        if (sent.size() == 1) {
            connection.dispatch(sent.getFirst());
        } else {
            connection.dispatch(List.<RedisCommand<byte[], byte[], ?>>copyOf(sent));
        }
        return () -> {
            List<Reply> replies = awaitAll(sent);
            long ended = end.join();
            // If the previous write was still unanswered at the start, the server was busy with its commands first.
            Duration roundTrip = Duration.ofNanos(ended - Math.max(start, lastReplyAt));
            lastReplyAt = ended;
            return new Exchange(replies, roundTrip);
        };
    }

    private List<Reply> awaitAll(List<AsyncCommand<byte[], byte[], Reply>> sent) {
        Duration limit = answered ? timeout : firstTimeout;
        try {
            // Replies arrive in the order of the commands, so once the last command is complete, all are.
            if (!loop.runUntilDone(sent.getLast(), System.nanoTime() + limit.toNanos())) {
                throw broken(connectionFailures.noAnswer(limit), "no answer for " + limit.toSeconds() + " s", null);
            }
            List<Reply> replies = new ArrayList<>(sent.size());
            for (AsyncCommand<byte[], byte[], Reply> command : sent) {
                Reply reply = command.toCompletableFuture().join();
                replies.add(reply);
                firstAnswer.add(reply);
                answered = true;
            }
            return replies;
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw broken(connectionFailures.lostBeforeAnswer(cause), message(cause), cause);
        } catch (CancellationException e) {
            throw broken(connectionFailures.lostBeforeAnswer(e), "connection broke", e);
        }
    }

    private static String message(Throwable cause) {
        return cause instanceof UnexpectedReplyException ? "the server sent " + cause.getMessage() : "connection broke";
    }

    private RuntimeException broken(RuntimeException beforeFirstAnswer, String message, @Nullable Throwable cause) {
        close();
        NodeRefusedException refusal = firstAnswer.refusal();
        if (refusal != null) {
            return refusal;
        }
        return answered ? new LinkBrokenException(message, cause) : beforeFirstAnswer;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        // Closing fails the commands that still wait for a reply; closing the loop completes that.
        var unused = connection.closeAsync();
        loop.close();
    }
}
