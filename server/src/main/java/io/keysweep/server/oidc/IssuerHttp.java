package io.keysweep.server.oidc;

import io.keysweep.engine.egress.EgressDeniedException;
import io.keysweep.engine.egress.EgressGate;
import io.keysweep.server.outbound.GatedHttpClient;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.entity.UrlEncodedFormEntity;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.NameValuePair;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.message.BasicNameValuePair;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;

/**
 * Calls the issuer over HTTP. Connects only to addresses that the egress policy allows, and follows no redirects.
 * Thread-safe.
 */
final class IssuerHttp implements AutoCloseable {

    private static final Duration TIME_LIMIT = Duration.ofSeconds(10);

    /** The maximum number of bytes that are read of an answer: 1 MiB. A set of keys has a few thousand bytes. */
    private static final int MAX_BYTES = 1024 * 1024;

    private final CloseableHttpClient http;

    IssuerHttp(EgressGate gate) {
        this.http = GatedHttpClient.create(TIME_LIMIT, gate);
    }

    /** Represents an answer of the issuer. */
    record IssuerReply(int status, String body) {

        /** Returns a text for logs, without the body, which can contain tokens. */
        @Override
        public String toString() {
            return "Reply[status=" + status + "]";
        }
    }

    /**
     * Loads a document.
     *
     * @throws IOException if there is no answer in time, the address is not allowed, or the status is not 200
     */
    String get(URI uri) throws IOException {
        IssuerReply reply = send(new HttpGet(uri));
        if (reply.status() != 200) {
            throw new IOException(uri.getPath() + " answers with status " + reply.status());
        }
        return reply.body();
    }

    /**
     * Sends a form.
     *
     * @param authorization value of the header {@code Authorization}; null for none
     * @throws IOException if there is no answer in time, or the address is not allowed
     */
    IssuerReply post(URI uri, Map<String, String> form, @Nullable String authorization) throws IOException {
        HttpPost request = new HttpPost(uri);
        if (authorization != null) {
            request.setHeader("Authorization", authorization);
        }
        List<NameValuePair> fields = form.entrySet().stream()
                .<NameValuePair>map(field -> new BasicNameValuePair(field.getKey(), field.getValue()))
                .toList();
        request.setEntity(new UrlEncodedFormEntity(fields, StandardCharsets.UTF_8));
        return send(request);
    }

    /** Sends a request, and returns the answer. The whole call takes at most {@link #TIME_LIMIT}. */
    private IssuerReply send(HttpUriRequestBase request) throws IOException {
        request.setHeader("Accept", "application/json");
        // The timeouts of the client limit single reads only, so the whole request needs a separate limit.
        CompletableFuture<Void> limit = CompletableFuture.runAsync(
                request::cancel, CompletableFuture.delayedExecutor(TIME_LIMIT.toMillis(), TimeUnit.MILLISECONDS));
        try {
            return http.execute(request, response -> {
                HttpEntity entity = response.getEntity();
                byte[] body = entity == null ? null : EntityUtils.toByteArray(entity, MAX_BYTES);
                return new IssuerReply(
                        response.getCode(), body == null ? "" : new String(body, StandardCharsets.UTF_8));
            });
        } catch (EgressDeniedException e) {
            throw new IOException("must not be connected to: " + e.getMessage(), e);
        } catch (IllegalStateException e) {
            throw new IOException("the service stops", e);
        } finally {
            limit.cancel(/* mayInterruptIfRunning= */ false);
        }
    }

    @Override
    public void close() {
        http.close(CloseMode.IMMEDIATE);
    }
}
