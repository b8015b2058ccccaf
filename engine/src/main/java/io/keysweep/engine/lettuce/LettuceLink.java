package io.keysweep.engine.lettuce;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.Exchange;
import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.RedisCommand;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A link over one Lettuce connection. */
final class LettuceLink implements NodeLink {

    private final StatefulRedisConnection<byte[], byte[]> connection;
    private final FirstContact firstContact;
    private final Duration firstTimeout;
    private final Duration timeout;
    private final Runnable afterwards;
    private long lastReply = System.nanoTime();
    private boolean answered;
    private boolean closed;

    /**
     * @param firstTimeout longest wait for the first answer, which tells whether there is a server at all
     * @param timeout longest wait for any other
     * @param afterwards called once, when the connection is closed; must not wait for anything
     */
    LettuceLink(
            StatefulRedisConnection<byte[], byte[]> connection,
            FirstContact firstContact,
            Duration firstTimeout,
            Duration timeout,
            Runnable afterwards) {
        this.connection = connection;
        this.firstContact = firstContact;
        this.firstTimeout = firstTimeout;
        this.timeout = timeout;
        this.afterwards = afterwards;
    }

    @Override
    public Sent send(List<Command> commands) {
        if (closed) {
            throw new LinkBrokenException("connection is closed", null);
        }
        List<AsyncCommand<byte[], byte[], Reply>> sent = new ArrayList<>(commands.size());
        for (Command command : commands) {
            sent.add(encode(command));
        }
        CompletableFuture<Long> end = sent.getLast().toCompletableFuture().handle((reply, error) -> System.nanoTime());
        long start = System.nanoTime();
        connection.dispatch(List.<RedisCommand<byte[], byte[], ?>>copyOf(sent));
        return () -> {
            List<Reply> replies = awaitAll(sent);
            long ended = end.join();
            Duration roundTrip = Duration.ofNanos(ended - Math.max(start, lastReply));
            lastReply = ended;
            return new Exchange(replies, roundTrip);
        };
    }

    private static AsyncCommand<byte[], byte[], Reply> encode(Command command) {
        CommandArgs<byte[], byte[]> args = new CommandArgs<>(ByteArrayCodec.INSTANCE);
        command.words().stream().skip(1).forEach(args::add);
        return new AsyncCommand<>(new io.lettuce.core.protocol.Command<>(
                new Verb(command.name()), new ReplyOutput(ByteArrayCodec.INSTANCE, command.keptDepth()), args));
    }

    private List<Reply> awaitAll(List<AsyncCommand<byte[], byte[], Reply>> sent) {
        Duration limit = answered ? timeout : firstTimeout;
        long deadline = System.nanoTime() + limit.toNanos();
        Deque<Reply> replies = new ArrayDeque<>(sent.size());
        boolean interrupted = false;
        try {
            // Replies come in their order, and each wait that ends is a thread that wakes up: one is enough.
            for (AsyncCommand<byte[], byte[], Reply> command : sent.reversed()) {
                while (true) {
                    try {
                        replies.addFirst(command.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS));
                        answered = true;
                        break;
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
            }
            return List.copyOf(replies);
        } catch (TimeoutException e) {
            throw broken(firstContact.silent(limit), "no answer for " + limit.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw broken(firstContact.failed(cause), "connection broke", cause);
        } catch (CancellationException e) {
            throw broken(firstContact.failed(e), "connection broke", e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private RuntimeException broken(RuntimeException beforeFirstAnswer, String message, Throwable cause) {
        close();
        return answered ? new LinkBrokenException(message, cause) : beforeFirstAnswer;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        // Nothing depends on when the socket is gone, nor on how.
        var unused = connection.closeAsync().whenComplete((closing, failure) -> afterwards.run());
    }
}
