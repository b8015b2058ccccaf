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
 * Implements a link, one connection that carries commands and replies, with the Lettuce client library.
 *
 * <p>The thread that waits for replies also reads the replies from the connection, see {@link CallerRunEventLoop}. Only
 * the thread that opened the link may use it.
 *
 * <p>A link closes itself when it fails: when the connection breaks, a reply is late, or a reply is not in the Redis
 * protocol. The wait for the replies then throws an exception:
 *
 * <ul>
 * <li>a {@link NodeRefusedException} if the server has sent no reply, or only errors; the first error is the reason
 * <li>a {@link LinkBrokenException} if the server has sent any other reply before
 * </ul>
 */
final class LettuceLink implements NodeLink {

    private final StatefulRedisConnection<byte[], byte[]> connection;
    private final CallerRunEventLoop loop;
    private final ConnectionRefusal connectionRefusal;
    private final ConnectionFailures connectionFailures;
    private final Duration firstReplyTimeout;
    private final Duration replyTimeout;

    /**
     * When the last reply was read, as a value of {@link System#nanoTime()}. Before the first reply, it is the time
     * when the link was created.
     */
    private long lastReplyAt = System.nanoTime();

    /** Whether the server has sent a reply; an error is also a reply. */
    private boolean hasReplied;

    /** The number of writes whose replies have not been received yet. */
    private int writesInFlight;

    private boolean isClosed;

    /**
     * Creates a link for a connection that has just been established.
     *
     * @param loop runs the connection on the calling thread; the link closes the loop
     * @param connectionRefusal explains a connection that the server refuses with an error
     * @param connectionFailures explains a failure before the first reply
     * @param firstReplyTimeout the longest wait for the first reply, which shows whether there is a server at all
     * @param replyTimeout the longest wait for any other reply
     */
    LettuceLink(
            StatefulRedisConnection<byte[], byte[]> connection,
            CallerRunEventLoop loop,
            ConnectionRefusal connectionRefusal,
            ConnectionFailures connectionFailures,
            Duration firstReplyTimeout,
            Duration replyTimeout) {
        this.connection = connection;
        this.loop = loop;
        this.connectionRefusal = connectionRefusal;
        this.connectionFailures = connectionFailures;
        this.firstReplyTimeout = firstReplyTimeout;
        this.replyTimeout = replyTimeout;
    }

    @Override
    public Sent send(List<Command> commands) {
        if (isClosed) {
            throw new LinkBrokenException("connection is closed");
        }
        // If earlier commands still wait for replies, they are uncertain in any case, and that wait notices a broken
        // connection.
        if (hasReplied && writesInFlight == 0) {
            checkOpen();
        }
        List<AsyncCommand<byte[], byte[], Reply>> asyncCommands = new ArrayList<>(commands.size());
        for (Command command : commands) {
            asyncCommands.add(new AsyncCommand<>(new LettuceCommand(command)));
        }
        // The caller may begin to wait long after the last reply was read. So the event loop stores when it read that
        // reply.
        CompletableFuture<Long> lastReplyRead =
                asyncCommands.getLast().toCompletableFuture().handle((reply, error) -> System.nanoTime());
        long sentAt = System.nanoTime();
        // A collection makes Lettuce send several commands in one write.
        if (asyncCommands.size() == 1) {
            connection.dispatch(asyncCommands.getFirst());
        } else {
            connection.dispatch(List.<RedisCommand<byte[], byte[], ?>>copyOf(asyncCommands));
        }
        writesInFlight++;
        return () -> {
            List<Reply> replies = awaitAll(asyncCommands);
            writesInFlight--;
            long endedAt = lastReplyRead.join();
            // If replies to the previous write were still missing when this write was sent, the server ran the commands
            // of the previous write first. The round trip then begins with the previous reply.
            Duration roundTrip = Duration.ofNanos(endedAt - Math.max(sentAt, lastReplyAt));
            lastReplyAt = endedAt;
            return new Exchange(replies, roundTrip);
        };
    }

    /**
     * Throws an exception if the server has ended the connection, for example between two steps of a sweep. Commands
     * that are sent on such a connection never run, but the caller would have to assume that they may have run.
     */
    private void checkOpen() {
        loop.runArrived();
        if (!connection.isOpen()) {
            String message = "connection broke";
            throw closeAndExplain(new LinkBrokenException(message), message, /* cause= */ null);
        }
    }

    /**
     * Waits for the replies to the commands of one write. Closes the link before it throws an exception. Otherwise a
     * late reply would be taken for the reply to a later command.
     */
    private List<Reply> awaitAll(List<AsyncCommand<byte[], byte[], Reply>> asyncCommands) {
        Duration limit = hasReplied ? replyTimeout : firstReplyTimeout;
        try {
            // Replies arrive in the order of the commands, so once the last command is complete, all are.
            if (!loop.runUntilDone(asyncCommands.getLast(), System.nanoTime() + limit.toNanos())) {
                throw closeAndExplain(
                        connectionFailures.noReply(limit),
                        "no answer for " + limit.toSeconds() + " s",
                        /* cause= */ null);
            }
            List<Reply> replies = new ArrayList<>(asyncCommands.size());
            for (AsyncCommand<byte[], byte[], Reply> command : asyncCommands) {
                Reply reply = command.toCompletableFuture().join();
                replies.add(reply);
                connectionRefusal.add(reply);
                hasReplied = true;
            }
            return replies;
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw closeAndExplain(connectionFailures.lostBeforeReply(cause), brokenMessage(cause), cause);
        } catch (CancellationException e) {
            // When a connection closes, Lettuce cancels the commands that still wait for their replies.
            throw closeAndExplain(connectionFailures.lostBeforeReply(e), "connection broke", e);
        }
    }

    private static String brokenMessage(Throwable cause) {
        return cause instanceof UnexpectedReplyException ? "the server sent " + cause.getMessage() : "connection broke";
    }

    /**
     * Closes the link, and returns the exception to throw. If the server has sent only errors, the exception reports
     * the first of them.
     *
     * @param beforeFirstReply the exception if the server has sent no reply at all
     * @param brokenMessage the message of the exception if the server has accepted the connection
     * @param cause the cause of the exception if the server has accepted the connection; null for a timeout
     */
    private RuntimeException closeAndExplain(
            RuntimeException beforeFirstReply, String brokenMessage, @Nullable Throwable cause) {
        close();
        NodeRefusedException refusal = connectionRefusal.refusal();
        if (refusal != null) {
            return refusal;
        }
        return hasReplied ? new LinkBrokenException(brokenMessage, cause) : beforeFirstReply;
    }

    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        // closeAsync() only begins to close. Closing the loop completes that, so that waiting commands fail.
        var unused = connection.closeAsync();
        loop.close();
    }
}
