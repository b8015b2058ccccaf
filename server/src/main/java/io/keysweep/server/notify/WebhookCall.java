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
 * Makes the requests to webhooks: one attempt each, with a time limit, following no redirect. Safe to share. When the
 * service stops, requests under way are broken off rather than their threads interrupted, as H2 closes its file under a
 * thread that is.
 */
final class WebhookCall implements SmartLifecycle {

    static final Duration TIME_LIMIT = Duration.ofSeconds(10);
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNAVAILABLE = 503;

    private final InstantSource clock;
    private final Duration timeLimit;
    private final HttpClient http;
    private volatile boolean stopping;

    /** {@code timeLimit} is how long an attempt may take until it is answered. */
    WebhookCall(InstantSource clock, Duration timeLimit) {
        this.clock = clock;
        this.timeLimit = timeLimit;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeLimit)
                .build();
    }

    /** The service stopped, and what an attempt came to is not known. */
    static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * Sends a notice.
     *
     * @param secrets what to sign with, one signature each
     * @throws StoppedException if the service stops
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
            // The status is all that counts; a body, however long or slow, is left where it is.
            HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            response.body().close();
            return answer(response, now);
        } catch (IOException e) {
            if (stopping) {
                throw new StoppedException();
            }
            return AttemptResult.none(told(e));
        } catch (InterruptedException e) {
            // The flag stays down: what follows writes to the database.
            throw new StoppedException();
        }
    }

    private static AttemptResult answer(HttpResponse<?> response, Instant now) {
        int status = response.statusCode();
        if (status / 100 == 2) {
            return new AttemptResult(status, null, null);
        }
        boolean wait = status == TOO_MANY_REQUESTS || status == UNAVAILABLE;
        return new AttemptResult(
                status,
                status / 100 == 3 ? "redirects are not followed" : "HTTP status " + status,
                wait ? retryAfter(response.headers().firstValue("Retry-After").orElse(""), now) : null);
    }

    /** Seconds, or a date. */
    static @Nullable Duration retryAfter(String text, Instant now) {
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

    private String told(IOException e) {
        return switch (e) {
            case HttpTimeoutException timeout -> "no answer within " + timeLimit.toMillis() / 1000.0 + " s";
            case ConnectException refused -> "nothing listens there, or the name is unknown";
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
