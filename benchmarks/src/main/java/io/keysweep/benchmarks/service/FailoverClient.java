package io.keysweep.benchmarks.service;

import io.keysweep.testkit.SignedServiceClient.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A caller as users are told to be one: turns to another process, with the same request, where one does not answer or has
 * an error of its own. Safe to share.
 */
public final class FailoverClient {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final long PAUSE_NANOS = Duration.ofMillis(200).toNanos();

    private final Service service;
    private final CallLog log;
    private final AtomicInteger turn = new AtomicInteger();

    /** A call of one process. */
    @FunctionalInterface
    public interface Call {

        /**
         * Calls it.
         *
         * @throws IOException if there is no answer
         */
        Answer to(String endpoint) throws IOException, InterruptedException;
    }

    /** Calls the processes of that service by turns. */
    public FailoverClient(Service service, CallLog log) {
        this.service = service;
        this.log = log;
    }

    /**
     * Calls until some process has answered with no error of its own.
     *
     * @param kind what it is noted as
     * @throws IllegalStateException if none does for three minutes
     */
    public Answer call(String kind, String method, String path, String body, Map<String, String> headers)
            throws InterruptedException {
        return call(kind, endpoint -> service.client().send(endpoint, method, path, body, headers));
    }

    /** The same for a call of another sort. */
    public Answer call(String kind, Call call) throws InterruptedException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < PATIENCE.toNanos()) {
            ServiceMember member = next();
            if (member == null) {
                LockSupport.parkNanos(PAUSE_NANOS);
                continue;
            }
            long sent = System.nanoTime();
            try {
                Answer answer = call.to(member.process().endpoint());
                log.note(kind, answer.status(), (System.nanoTime() - sent) / 1000);
                if (answer.status() < 500) {
                    return answer;
                }
            } catch (IOException e) {
                log.note(kind, CallLog.NO_ANSWER, 0);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        throw new IllegalStateException("Nobody answers: " + kind);
    }

    private @Nullable ServiceMember next() {
        List<ServiceMember> up = service.members().stream()
                .filter(member -> member.up() && !member.process().endpoint().isEmpty())
                .toList();
        return up.isEmpty() ? null : up.get(Math.floorMod(turn.getAndIncrement(), up.size()));
    }
}
