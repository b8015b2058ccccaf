package io.keysweep.server.notify;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Sends notices to webhooks over HTTP: one request per attempt, with a time limit and without following redirects.
 *
 * <p>When the service stops, this class aborts running requests. It does not interrupt their threads: H2 would lose its
 * database file if a thread that uses the file were interrupted. Safe for use by several threads.
 */
final class WebhookCall implements SmartLifecycle {

    /** The time limit of the service; tests use others. */
    static final Duration TIME_LIMIT = Duration.ofSeconds(10);
    /** With this status and with 503, the header {@code Retry-After} says when the receiver is ready again. */
    private static final int TOO_MANY_REQUESTS = 429;

    private static final int UNAVAILABLE = 503;

    private final InstantSource clock;
    private final Duration timeLimit;
    private final HttpClient http;
    private volatile boolean stopping;

    /**
     * Creates a caller.
     *
     * @param timeLimit the time that a receiver has to connect and answer
     */
    WebhookCall(InstantSource clock, Duration timeLimit) {
        this.clock = clock;
        this.timeLimit = timeLimit;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeLimit)
                .build();
    }

    /** Reports that the service stopped during an attempt. Whether the receiver has the notice is unknown. */
    static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * Sends a notice once and waits for the answer.
     *
     * @param secrets the secrets to sign with; each adds one signature, separated by spaces
     * @throws StoppedException if the service stops during the request
     */
    AttemptResult post(URI url, Delivery delivery, List<WebhookSecret> secrets) {
        String id = delivery.id().toString();
        Instant now = clock.instant();
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(timeLimit)
                .header("Content-Type", "application/json")
                .header("User-Agent", "Keysweep")
                .header("webhook-id", id)
                .header("webhook-timestamp", String.valueOf(now.getEpochSecond()))
                .header(
                        "webhook-signature",
                        secrets.stream()
                                .map(secret -> secret.sign(id, now, delivery.body()))
                                .collect(Collectors.joining(" ")))
                .POST(HttpRequest.BodyPublishers.ofString(delivery.body()))
                .build();
        try {
            // Only the status matters. The body is not read, because it can be long or slow.
            HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            response.body().close();
            return result(response, now);
        } catch (IOException e) {
            if (stopping) {
                throw new StoppedException();
            }
            return AttemptResult.unanswered(describe(e));
        } catch (InterruptedException e) {
            // The thread must not stay marked as interrupted, because the caller goes on to write to the database.
            throw new StoppedException();
        }
    }

    /** Returns the result of an answer. Only statuses from 200 to 299 accept the notice. */
    private static AttemptResult result(HttpResponse<?> response, Instant now) {
        int status = response.statusCode();
        if (status / 100 == 2) {
            return new AttemptResult(status, null, null);
        }
        boolean mayAskToWait = status == TOO_MANY_REQUESTS || status == UNAVAILABLE;
        return new AttemptResult(
                status,
                status / 100 == 3 ? "redirects are not followed" : "HTTP status " + status,
                mayAskToWait
                        ? retryAfter(
                                response.headers().firstValue("Retry-After").orElse(""), now)
                        : null);
    }

    /**
     * Reads a {@code Retry-After} header: a number of seconds, or an HTTP date such as {@code Fri, 31 Dec 2027 23:59:59
     * GMT}. Returns null for any other text.
     */
    static @Nullable Duration retryAfter(String text, Instant now) {
        // Nine digits fit into a long, and are more than the longest delay that is respected.
        if (text.matches("\\d{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(text));
        }
        try {
            return Duration.between(
                    now,
                    ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** Returns why there was no answer, as a sentence for users. */
    private String describe(IOException e) {
        return switch (e) {
            case HttpTimeoutException timeout -> "no answer within " + timeLimit.toMillis() / 1000.0 + " s";
            case ConnectException refused -> "nothing listens at the address, or the host name is unknown";
            default -> e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
        };
    }

    @Override
    public void start() {
        stopping = false;
    }

    @Override
    public void stop() {
        stopping = true;
        http.shutdownNow();
    }

    @Override
    public boolean isRunning() {
        return !stopping;
    }
}
