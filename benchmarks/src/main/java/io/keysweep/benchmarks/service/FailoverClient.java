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
 * Calls a service that consists of several processes, as its documentation recommends.
 *
 * <p>If a process does not answer or answers with 5xx, the client sends the request again, to the next process. A
 * request may therefore be carried out twice, unless it has an idempotency key. Safe to share between threads.
 */
public final class FailoverClient {

    /** The time after which a request is given up. The last attempt may exceed it. */
    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    /** The pause between two attempts, so that a service without a process is not called all the time. */
    private static final long RETRY_DELAY_NANOS = Duration.ofMillis(200).toNanos();

    /** The body of a request that has none. */
    private static final String NO_BODY = "";

    private final Service service;
    private final CallLog log;

    /** Counts the attempts, so that they go to the processes in turn. */
    private final AtomicInteger turn = new AtomicInteger();

    /** Sends a request to one process. */
    @FunctionalInterface
    public interface Call {

        /**
         * Sends the request.
         *
         * @param endpoint the URL of the process
         * @throws IOException if the process does not answer; the client then tries another one
         */
        Answer to(String endpoint) throws IOException, InterruptedException;
    }

    /** Creates a client that calls the processes of a service in turn, and records each attempt in {@code log}. */
    public FailoverClient(Service service, CallLog log) {
        this.service = service;
        this.log = log;
    }

    /** Sends a signed GET of the administrator; see {@link #call(String, String, String, String)}. */
    public Answer get(String kind, String path) throws InterruptedException {
        return call(kind, "GET", path, NO_BODY);
    }

    /** Sends a signed DELETE of the administrator; see {@link #call(String, String, String, String)}. */
    public Answer delete(String kind, String path) throws InterruptedException {
        return call(kind, "DELETE", path, NO_BODY);
    }

    /**
     * Sends a signed request of the administrator, without further headers, until a process answers with a status below
     * 500.
     *
     * @param kind the kind under which the call log records the request
     * @param body the JSON body; empty for none
     * @throws IllegalStateException if no process gives such an answer within three minutes
     */
    public Answer call(String kind, String method, String path, String body) throws InterruptedException {
        return call(kind, method, path, body, Map.of());
    }

    /**
     * Sends a signed request of the administrator until a process answers with a status below 500.
     *
     * @param kind the kind under which the call log records the request
     * @param body the JSON body; empty for none
     * @param headers further HTTP headers
     * @throws IllegalStateException if no process gives such an answer within three minutes
     */
    public Answer call(String kind, String method, String path, String body, Map<String, String> headers)
            throws InterruptedException {
        return call(kind, endpoint -> service.client().send(endpoint, method, path, body, headers));
    }

    /**
     * Sends a request until a process answers with a status below 500.
     *
     * @param kind the kind under which the call log records the request
     * @param call sends the request to one process; called once for each attempt
     * @throws IllegalStateException if no process gives such an answer within three minutes
     */
    public Answer call(String kind, Call call) throws InterruptedException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < TIMEOUT.toNanos()) {
            ServiceMember member = nextProcess();
            if (member == null) {
                LockSupport.parkNanos(RETRY_DELAY_NANOS);
                continue;
            }
            long sentAt = System.nanoTime();
            try {
                Answer answer = call.to(member.process().endpoint());
                log.record(kind, answer.status(), (System.nanoTime() - sentAt) / 1000);
                if (answer.status() < 500) {
                    return answer;
                }
            } catch (IOException e) {
                log.record(kind, CallLog.NO_ANSWER, /* micros= */ 0);
            }
            LockSupport.parkNanos(RETRY_DELAY_NANOS);
        }
        throw new IllegalStateException("No process answers: " + kind);
    }

    /** Returns the process whose turn it is; null if no process that answers requests is up. */
    private @Nullable ServiceMember nextProcess() {
        List<ServiceMember> upMembers = service.members().stream()
                .filter(member -> member.up() && !member.process().endpoint().isEmpty())
                .toList();
        return upMembers.isEmpty() ? null : upMembers.get(Math.floorMod(turn.getAndIncrement(), upMembers.size()));
    }
}
