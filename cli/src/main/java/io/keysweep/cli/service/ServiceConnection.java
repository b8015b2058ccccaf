package io.keysweep.cli.service;

import io.keysweep.api.text.Amounts;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Sends HTTP requests to a service, and turns failures of the network into messages that say what the user can do. Safe
 * for use by several threads.
 */
final class ServiceConnection implements AutoCloseable {

    /** Beginning of Java's message about an answer in plain text during the TLS handshake. */
    private static final String PLAIN_ANSWER = "Unrecognized SSL message";

    /** Part of Java's messages about a certificate that none of the authorities has signed. */
    private static final String NOT_TRUSTED = "PKIX path";

    /** The alerts by which a server refuses the certificate of a client, or that there is none. */
    private static final Pattern CLIENT_REFUSED = Pattern.compile(
            "Received fatal alert: (certificate_required|bad_certificate|unknown_ca|certificate_unknown)");

    /** Time limit of requests that name no other. */
    private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(1);

    private final URI endpoint;
    private final HttpClient http;

    /**
     * Creates a connection to one service. Reads the files for TLS, but does not connect yet.
     *
     * @param connectTimeout longest wait until the service accepts a connection
     * @throws CommandFailure if a file for TLS cannot be used
     */
    ServiceConnection(ServiceAccess access, Duration connectTimeout) {
        this.endpoint = access.endpoint();
        HttpClient.Builder builder = HttpClient.newBuilder()
                // The signature covers the headers as they are sent. An upgrade to HTTP/2 in clear text would add
                // headers.
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(connectTimeout);
        if (access.tls() != null) {
            builder.sslContext(access.tls().context());
        }
        this.http = builder.build();
    }

    /**
     * Sends a request and returns the answer, with any HTTP status. The request sets the time limit for the beginning
     * of the answer; the limit for the whole answer is twice as long. Cancels a request for which it no longer waits,
     * also after an interrupt.
     *
     * @throws CommandFailure if there is no answer, or only a part of one; the message says why
     */
    HttpResponse<String> send(HttpRequest request) throws InterruptedException {
        Duration limit = request.timeout().orElse(DEFAULT_TIMEOUT).multipliedBy(2);
        CompletableFuture<HttpResponse<String>> answer = http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
        try {
            // The time limit of the request ends with the head of the answer, and the body may never come.
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw noAnswer("it did not answer completely within " + Amounts.duration(limit), e);
        } catch (ExecutionException e) {
            throw failure(e.getCause(), request);
        } finally {
            // This call has no effect on a request that has ended.
            answer.cancel(/* mayInterruptIfRunning= */ true);
        }
    }

    private CommandFailure failure(@Nullable Throwable cause, HttpRequest request) {
        return switch (cause) {
            case SSLException tls ->
                new CommandFailure(
                        ExitCode.UNREACHABLE,
                        "no TLS connection to the service at " + endpoint + ": " + tlsProblem(tls),
                        tls);
            case IOException network -> noAnswer(problem(network, request), network);
            case null, default -> throw new IllegalStateException(cause);
        };
    }

    private CommandFailure noAnswer(String problem, Exception cause) {
        return new CommandFailure(
                ExitCode.UNREACHABLE,
                "no answer from the service at " + endpoint + ": " + problem + ". Is it running ('keysweep server')?",
                cause);
    }

    /** Closes all connections and aborts requests that wait for an answer. */
    @Override
    public void close() {
        http.shutdownNow();
    }

    /** Returns in words why there was no answer. */
    private static String problem(IOException failure, HttpRequest request) {
        return switch (failure) {
            case HttpConnectTimeoutException timeout -> "the connection was not accepted in time";
            case HttpTimeoutException timeout ->
                "it did not answer"
                        + request.timeout()
                                .map(limit -> " within " + Amounts.duration(limit))
                                .orElse("");
            case ConnectException refused -> connectProblem(refused);
            case IOException closed
            when isCausedBy(EOFException.class, closed) ->
                "it closed the connection without an answer, as another service does, or one with TLS (https://)";
            default -> failure.getMessage() == null ? "the connection broke" : failure.getMessage();
        };
    }

    /** Returns in words why there is no connection. */
    private static String connectProblem(ConnectException failure) {
        if (isCausedBy(UnresolvedAddressException.class, failure)) {
            return "the host name is unknown";
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            // The HTTP client makes a ConnectException of every failure. Its cause, the exception of the system, says
            // more, such as "No route to host" for a firewall or "Network is unreachable".
            if (cause instanceof SocketException && !(cause instanceof ConnectException)) {
                return "it cannot be reached from here: " + cause.getMessage();
            }
        }
        return "nothing listens there";
    }

    /** Returns whether an exception or one of its causes is of a type; the HTTP client nests them. */
    private static boolean isCausedBy(Class<? extends Exception> type, Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    /** Returns in words why there is no TLS connection. */
    static String tlsProblem(SSLException failure) {
        String message = String.valueOf(failure.getMessage());
        if (message.startsWith(PLAIN_ANSWER)) {
            return "it answers without TLS; use http://, or the port with TLS";
        }
        Matcher alert = CLIENT_REFUSED.matcher(message);
        if (alert.find()) {
            return "it wants a client certificate, or does not accept the given one (" + alert.group(1)
                    + "). --endpoint-cert (KEYSWEEP_ENDPOINT_CERT) and --endpoint-key name one";
        }
        // Other failures, such as a certificate for another host, have nothing to do with the authorities.
        return message.contains(NOT_TRUSTED)
                ? message + ". --endpoint-ca (KEYSWEEP_ENDPOINT_CA) names the authorities that may sign its certificate"
                : message;
    }
}
