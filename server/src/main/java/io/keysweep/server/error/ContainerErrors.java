package io.keysweep.server.error;

import java.io.IOException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the refusal for a request that the servlet container (Tomcat) has refused with an HTTP status.
 *
 * <p>A refusal is an error code with a message, from which a response is made.
 */
final class ContainerErrors {

    private ContainerErrors() {}

    /**
     * Returns the refusal for a status of the container. Its own status can differ.
     *
     * @param status HTTP status that the container has chosen, 400 or above
     * @param path path of the request, still percent-encoded; null or empty if the container could not parse it
     */
    static RequestRefusedException refusal(int status, @Nullable String path) {
        return switch (status) {
            case 400 -> malformed(path);
            case 401 -> RequestRefusedException.of(ErrorCode.NO_TOKEN);
            case 403 -> RequestRefusedException.of(ErrorCode.ROLE_DENIED);
            case 404 -> RequestRefusedException.of(ErrorCode.UNKNOWN_URL);
            case 405 -> RequestRefusedException.of(ErrorCode.METHOD_NOT_ALLOWED);
            case 413 -> RequestRefusedException.of(ErrorCode.BODY_TOO_LARGE);
            case 415 -> RequestRefusedException.of(ErrorCode.UNSUPPORTED_MEDIA_TYPE);
            // Mistakes of the client, although HTTP has statuses of the server for them.
            case 501 ->
                RequestRefusedException.of(
                        ErrorCode.INVALID_PARAMETER, "header", "Transfer-Encoding must be chunked, or left out.");
            case 505 ->
                RequestRefusedException.of(
                        ErrorCode.INVALID_PARAMETER, "header", "The version of HTTP must be 1.1 or 1.0.");
            // Tomcat answers 503 while it starts or stops the application.
            case 503 -> RequestRefusedException.of(ErrorCode.UNAVAILABLE);
            default ->
                status < 500
                        ? RequestRefusedException.of(
                                ErrorCode.INVALID_PARAMETER, "header", "The headers of the request are malformed.")
                        : RequestRefusedException.of(ErrorCode.INTERNAL);
        };
    }

    /**
     * Returns the refusal for a status of the container and the exception that caused it.
     *
     * @param path path of the request, still percent-encoded; empty if the container could not parse it
     */
    static RequestRefusedException refusal(int status, String path, Throwable thrown) {
        // Tomcat keeps the exception of a body that it could not read, even if a filter has caught it.
        if (status == 400 && thrown instanceof IOException) {
            return RequestRefusedException.of(ErrorCode.MALFORMED_BODY, "It ends early, or its chunks are malformed.");
        }
        if (thrown instanceof InvalidParameterException parameter) {
            return ErrorAdvice.refusal(parameter);
        }
        RequestRefusedException refusal = refusal(status, path);
        // An exception that a filter has thrown can also come from an outage of the database.
        return refusal.code() == ErrorCode.INTERNAL ? ErrorAdvice.fault(thrown) : refusal;
    }

    /**
     * Returns the refusal for status 400, by which the container refuses a URL that it cannot parse and malformed
     * headers. The URL is taken to be the cause if it could not be read, or if it contains an escape, which can be
     * malformed.
     */
    private static RequestRefusedException malformed(@Nullable String path) {
        return path == null || path.isEmpty() || path.contains("%")
                ? RequestRefusedException.of(
                        ErrorCode.UNKNOWN_URL,
                        "The URL is malformed: send all characters except letters, digits and -_.~ percent-encoded,"
                                + " as UTF-8.")
                : RequestRefusedException.of(
                        ErrorCode.INVALID_PARAMETER, "header", "The headers of the request are malformed.");
    }
}
