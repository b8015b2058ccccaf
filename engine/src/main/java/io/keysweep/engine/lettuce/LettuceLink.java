package io.keysweep.engine.lettuce;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.Exchange;
import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
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

/** A link over one Lettuce connection, whose answers are read by the thread that waits for them. */
final class LettuceLink implements NodeLink {

    private final StatefulRedisConnection<byte[], byte[]> connection;
    private final CallersLoop loop;
    private final FirstContact firstContact;
    private final Duration firstTimeout;
    private final Duration timeout;
    private long lastReply = System.nanoTime();
    private boolean answered;
    private boolean closed;

    /**
     * @param firstTimeout longest wait for the first answer, which tells whether there is a server at all
     * @param timeout longest wait for any other
     */
    LettuceLink(
            StatefulRedisConnection<byte[], byte[]> connection,
            CallersLoop loop,
            FirstContact firstContact,
            Duration firstTimeout,
            Duration timeout) {
        this.connection = connection;
        this.loop = loop;
        this.firstContact = firstContact;
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
            sent.add(new AsyncCommand<>(new WireCommand(command)));
        }
        CompletableFuture<Long> end = sent.getLast().toCompletableFuture().handle((reply, error) -> System.nanoTime());
        long start = System.nanoTime();
        if (sent.size() == 1) {
            connection.dispatch(sent.getFirst());
        } else {
            connection.dispatch(List.<RedisCommand<byte[], byte[], ?>>copyOf(sent));
        }
        return () -> {
            List<Reply> replies = awaitAll(sent);
            long ended = end.join();
            Duration roundTrip = Duration.ofNanos(ended - Math.max(start, lastReply));
            lastReply = ended;
            return new Exchange(replies, roundTrip);
        };
    }

    private List<Reply> awaitAll(List<AsyncCommand<byte[], byte[], Reply>> sent) {
        Duration limit = answered ? timeout : firstTimeout;
        try {
            // Replies come in their order.
            if (!loop.runUntilDone(sent.getLast(), System.nanoTime() + limit.toNanos())) {
                throw broken(firstContact.silent(limit), "no answer for " + limit.toSeconds() + " s", null);
            }
            List<Reply> replies = new ArrayList<>(sent.size());
            for (AsyncCommand<byte[], byte[], Reply> command : sent) {
                replies.add(command.toCompletableFuture().join());
                answered = true;
            }
            return replies;
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw broken(firstContact.failed(cause), "connection broke", cause);
        } catch (CancellationException e) {
            throw broken(firstContact.failed(e), "connection broke", e);
        }
    }

    private RuntimeException broken(RuntimeException beforeFirstAnswer, String message, @Nullable Throwable cause) {
        close();
        return answered ? new LinkBrokenException(message, cause) : beforeFirstAnswer;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        // What is still on its way fails with that; the loop sees it through.
        var unused = connection.closeAsync();
        loop.close();
    }
}
