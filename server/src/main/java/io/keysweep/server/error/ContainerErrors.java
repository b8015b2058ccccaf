package io.keysweep.server.error;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.apache.tomcat.util.http.parser.Host;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * Chooses the refusal for a request that the servlet container (Tomcat) has refused with an HTTP status.
 *
 * <p>A refusal is an error code with a message, from which a response is made.
 */
final class ContainerErrors {

    private ContainerErrors() {}

    /**
     * Returns the refusal for a status of the container. The refusal can have another HTTP status than {@code status}.
     *
     * @param status HTTP status that the container has chosen, 400 or above
     * @param path path of the request, still percent-encoded; null or empty if the container could not parse it
     * @param request the request, with the method and the headers that the container could parse
     */
    static RequestRefusedException refusal(int status, @Nullable String path, HttpServletRequest request) {
        return switch (status) {
            case 400 -> badRequest(path, request);
            case 401 -> RequestRefusedException.of(ErrorCode.NO_TOKEN);
            case 403 -> RequestRefusedException.of(ErrorCode.ROLE_DENIED);
            case 404 -> RequestRefusedException.of(ErrorCode.UNKNOWN_URL);
            case 405 -> RequestRefusedException.of(ErrorCode.METHOD_NOT_ALLOWED);
            case 413 -> RequestRefusedException.of(ErrorCode.BODY_TOO_LARGE);
            case 415 -> RequestRefusedException.of(ErrorCode.UNSUPPORTED_MEDIA_TYPE);
            // 501 and 505 are errors of the server in HTTP, but here the client has made a mistake.
            case 501 ->
                "CONNECT".equals(request.getMethod())
                        ? RequestRefusedException.of(ErrorCode.METHOD_NOT_ALLOWED)
                        : RequestRefusedException.of(
                                ErrorCode.INVALID_PARAMETER,
                                "header",
                                "Transfer-Encoding must be chunked, or left out.");
            case 505 ->
                RequestRefusedException.of(
                        ErrorCode.INVALID_PARAMETER, "header", "The version of HTTP must be 1.1 or 1.0.");
            // Tomcat answers 503 while it starts or stops the application.
            case 503 -> RequestRefusedException.of(ErrorCode.UNAVAILABLE);
            default ->
                status < 500
                        ? RequestRefusedException.of(ErrorCode.INVALID_PARAMETER, "header", headerProblem(request))
                        : RequestRefusedException.of(ErrorCode.INTERNAL);
        };
    }

    /**
     * Returns the refusal for a status of the container and the exception that caused it.
     *
     * @param path path of the request, still percent-encoded; empty if the container could not parse it
     * @param request the request, with the method and the headers that the container could parse
     */
    static RequestRefusedException refusal(int status, String path, HttpServletRequest request, Throwable thrown) {
        // Tomcat keeps the exception of a body that it could not read, even if a filter has caught it.
        if (status == 400 && thrown instanceof IOException) {
            return RequestRefusedException.of(ErrorCode.MALFORMED_BODY, "It ends early, or its chunks are malformed.");
        }
        if (thrown instanceof InvalidParameterException parameter) {
            return ErrorAdvice.refusal(parameter);
        }
        RequestRefusedException refusal = refusal(status, path, request);
        // An exception that a filter has thrown can also come from an outage of the database.
        return refusal.code() == ErrorCode.INTERNAL ? ErrorAdvice.fault(thrown) : refusal;
    }

    /**
     * Returns the refusal for status 400. The container uses it for a URL that it cannot parse, and for malformed
     * headers. The URL is taken to be the cause if it could not be read, or if it contains an escape, which can be
     * malformed.
     */
    private static RequestRefusedException badRequest(@Nullable String path, HttpServletRequest request) {
        return path == null || path.isEmpty() || path.contains("%")
                ? RequestRefusedException.of(
                        ErrorCode.UNKNOWN_URL,
                        "The URL is malformed: send all characters except letters, digits and -_.~ percent-encoded,"
                                + " as UTF-8, and at most 8 KiB of URL and headers.")
                : RequestRefusedException.of(ErrorCode.INVALID_PARAMETER, "header", headerProblem(request));
    }

    /**
     * Returns a sentence about the mistake in the headers, without any text of the client. The container does not
     * report the mistake, and has possibly not parsed all headers.
     */
    private static String headerProblem(HttpServletRequest request) {
        List<String> hosts = Collections.list(request.getHeaders(HttpHeaders.HOST));
        if (hosts.size() > 1 || !hosts.stream().allMatch(ContainerErrors::isHost)) {
            return "Host must be sent once, and be an IP address or a name of letters, digits, - and dots, with or"
                    + " without a port.";
        }
        List<String> lengths = Collections.list(request.getHeaders(HttpHeaders.CONTENT_LENGTH));
        if (lengths.size() > 1 || !lengths.stream().allMatch(length -> length.matches("[0-9]{1,18}"))) {
            return "Content-Length must be sent once, and be a whole number of bytes.";
        }
        String expected = request.getHeader(HttpHeaders.EXPECT);
        return expected == null || expected.equalsIgnoreCase("100-continue")
                ? "The headers of the request are malformed, without Host, or larger than 8 KiB together with the URL."
                : "Expect must be 100-continue, or left out.";
    }

    /** Returns whether a text is a valid value of the header {@code Host}. */
    private static boolean isHost(String value) {
        try {
            // An empty value is allowed (RFC 9110, section 7.2).
            if (!value.isEmpty()) {
                Host.parse(value);
            }
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
