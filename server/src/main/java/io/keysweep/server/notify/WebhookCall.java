package io.keysweep.server.notify;

import io.keysweep.engine.egress.EgressDeniedException;
import io.keysweep.engine.egress.EgressGate;
import io.keysweep.engine.text.ForeignText;
import io.keysweep.server.outbound.GatedHttpClient;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Sends notices (messages about events of a project) to webhooks over HTTP.
 *
 * <p>Each attempt is one request with a time limit. Redirects are not followed, because a webhook must receive its
 * notices at the URL that users have chosen. The class connects only to addresses that the {@link EgressGate} allows.
 *
 * <p>When the service stops, this class aborts running requests. It does not interrupt their threads, because the
 * database H2 would close its file if a thread that uses the file were interrupted. Thread-safe.
 */
final class WebhookCall implements SmartLifecycle {

    /** The time limit of the service for one attempt; tests use other limits. */
    static final Duration TIME_LIMIT = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(WebhookCall.class);

    // A response with one of these two statuses can say in the header Retry-After when the receiver is ready again.
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNAVAILABLE = 503;

    private final InstantSource clock;
    private final Duration timeLimit;
    private final CloseableHttpClient http;
    private volatile boolean stopping;

    /**
     * Creates a caller.
     *
     * @param timeLimit the time that a receiver has to connect and answer
     * @param gate resolves the hosts of webhooks, and decides to which addresses the service may connect
     */
    WebhookCall(InstantSource clock, Duration timeLimit, EgressGate gate) {
        this.clock = clock;
        this.timeLimit = timeLimit;
        this.http = GatedHttpClient.create(timeLimit, gate);
    }

    /** Reports that the service stopped during an attempt. Whether the receiver has the notice is unknown. */
    static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * Sends a notice once and waits for the answer, at most for the time limit. An attempt that fails is a result, not
     * an exception.
     *
     * @param url the URL of the webhook
     * @param delivery the delivery whose id and body are sent
     * @param secrets the secrets to sign with; each adds one signature, separated by spaces
     * @return the status of the answer, or why there was none
     * @throws StoppedException if the service stops during the request, or if the thread is interrupted; the interrupt
     *     flag is then cleared
     */
    AttemptResult post(URI url, Delivery delivery, List<WebhookSecret> secrets) {
        Instant now = clock.instant();
        HttpPost request = request(url, delivery, secrets, now);
        // The timeouts of the client limit single reads only, so a receiver could send one byte after the other for
        // ever.
        CompletableFuture<Void> limit = CompletableFuture.runAsync(
                request::cancel, CompletableFuture.delayedExecutor(timeLimit.toMillis(), TimeUnit.MILLISECONDS));
        try {
            ClassicHttpResponse response = http.executeOpen(HttpHost.create(url), request, /* context= */ null);
            AttemptResult result = result(response, now);
            closeUnread(request, response);
            return result;
        } catch (EgressDeniedException e) {
            return AttemptResult.unanswered("must not be connected to: " + e.getMessage());
        } catch (IOException | IllegalStateException e) {
            // The client throws an IllegalStateException if stop() has closed it. Thread.interrupted() also clears the
            // interrupt, because the caller writes to the database next, and H2 would close its file if an interrupted
            // thread used it.
            if (Thread.interrupted() || stopping) {
                throw new StoppedException();
            }
            return AttemptResult.unanswered(request.isCancelled() ? noAnswer() : describe(e));
        } finally {
            limit.cancel(/* mayInterruptIfRunning= */ false);
        }
    }

    /**
     * Closes the connection of an answer without reading its body. Only the status matters. The body can be long or
     * slow, and a problem with it must not make the notice undelivered.
     */
    private static void closeUnread(HttpPost request, ClassicHttpResponse response) {
        // Without this line, close() would read the rest of the body, until the time limit.
        request.cancel();
        try {
            response.close();
        } catch (IOException | IllegalStateException e) {
            LOG.debug("The connection to a webhook could not be closed", e);
        }
    }

    /** Builds the request of an attempt, with the headers of the Standard Webhooks specification. */
    private static HttpPost request(URI url, Delivery delivery, List<WebhookSecret> secrets, Instant now) {
        String id = delivery.id().toString();
        HttpPost request = new HttpPost(url);
        request.setHeader("webhook-id", id);
        request.setHeader("webhook-timestamp", String.valueOf(now.getEpochSecond()));
        request.setHeader(
                "webhook-signature",
                secrets.stream()
                        .map(secret -> secret.sign(id, now, delivery.body()))
                        .collect(Collectors.joining(" ")));
        request.setEntity(new ByteArrayEntity(
                delivery.body().getBytes(StandardCharsets.UTF_8), ContentType.create("application/json")));
        return request;
    }

    /** Converts an answer to a result. Only statuses from 200 to 299 mean that the receiver has accepted the notice. */
    private static AttemptResult result(HttpResponse response, Instant now) {
        int status = response.getCode();
        boolean isSuccess = status >= 200 && status <= 299;
        if (isSuccess) {
            return new AttemptResult(status, /* error= */ null, /* retryAfter= */ null);
        }
        boolean isRedirect = status >= 300 && status <= 399;
        boolean mayAskToWait = status == TOO_MANY_REQUESTS || status == UNAVAILABLE;
        return new AttemptResult(
                status,
                isRedirect ? "redirects are not followed" : "HTTP status " + status,
                mayAskToWait ? retryAfter(response.getFirstHeader("Retry-After"), now) : null);
    }

    /** Returns the delay that the receiver asks for; null if there is no header, or if it has another form. */
    private static @Nullable Duration retryAfter(@Nullable Header header, Instant now) {
        return header == null ? null : retryAfter(header.getValue(), now);
    }

    /**
     * Reads a {@code Retry-After} header: a number of seconds, or an HTTP date such as {@code Fri, 31 Dec 2027 23:59:59
     * GMT}. Returns a negative duration for a date that has passed, and null for any other text.
     */
    static @Nullable Duration retryAfter(String text, Instant now) {
        // Nine digits of seconds are 31 years, much longer than the longest delay that Backoff accepts.
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

    /** Returns why there was no answer, in words for users. */
    private String describe(Exception e) {
        return switch (e) {
            case UnknownHostException unknown -> "nothing listens at the address, or the host name is unknown";
            case ConnectException refused -> "nothing listens at the address, or the host name is unknown";
            case InterruptedIOException timeout -> noAnswer();
            default ->
                e.getClass().getSimpleName()
                        + (e.getMessage() == null ? "" : ": " + ForeignText.excerpt(e.getMessage()));
        };
    }

    private String noAnswer() {
        return "no answer within " + timeLimit.toMillis() / 1000.0 + " s";
    }

    @Override
    public void start() {
        stopping = false;
    }

    @Override
    public void stop() {
        stopping = true;
        http.close(CloseMode.IMMEDIATE);
    }

    @Override
    public boolean isRunning() {
        return !stopping;
    }
}
