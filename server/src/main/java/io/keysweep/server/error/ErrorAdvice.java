package io.keysweep.server.error;

import io.keysweep.engine.text.ForeignText;
import io.keysweep.engine.topology.NodeRefusedException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.catalina.connector.ClientAbortException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.http.converter.HttpMessageNotWritableException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import org.springframework.web.util.DisconnectedClientHelper;

/**
 * Turns every exception into an error response and logs it.
 *
 * <p>Spring passes the exceptions of controllers to this class. Filters pass their exceptions through Spring's {@code
 * HandlerExceptionResolver}. An exception first becomes a {@link RequestRefusedException} with an error code, and then
 * a response in the form that the path demands ({@link ErrorResponses}). Thread-safe.
 */
@RestControllerAdvice
final class ErrorAdvice {

    private static final Logger LOG = LoggerFactory.getLogger(ErrorAdvice.class);

    /**
     * Refusals that end the connection. Either a part of the body is unread, or the client could send more requests on
     * the connection than the service can serve.
     */
    private static final Set<ErrorCode> ENDING_CONNECTION = Set.of(
            ErrorCode.BODY_TOO_LARGE, ErrorCode.REQUEST_TIMEOUT, ErrorCode.OVERLOADED, ErrorCode.TOO_MANY_REQUESTS);

    /** The longest beginning of an unknown path that a response shows, in characters. */
    private static final int MAX_SHOWN_PATH = 300;

    /**
     * The attribute of a request that holds the refusal with which this class has answered it, for {@link
     * ContainerErrorController}.
     */
    static final String REFUSAL = ErrorAdvice.class.getName();

    private final ErrorResponses responses;

    ErrorAdvice(ErrorResponses responses) {
        this.responses = responses;
    }

    /**
     * Logs an exception and returns the response to the client.
     *
     * <p>Only a bug of the service is logged with a stack trace, at the level error. An outage of the database is a
     * warning, and other refusals are logged at info or below.
     *
     * @return null if the client has disconnected, so that nobody can receive a response
     */
    @ExceptionHandler
    @Nullable ResponseEntity<Object> respond(Throwable thrown, HttpServletRequest request) {
        if (hasDisconnected(thrown)) {
            LOG.debug("{} {}: the client has disconnected", request.getMethod(), request.getRequestURI());
            return null;
        }
        RequestRefusedException refusal = toRefusal(thrown, request);
        request.setAttribute(REFUSAL, refusal);
        log(request, refusal, thrown);
        HttpHeaders headers = new HttpHeaders();
        if (thrown instanceof HttpRequestMethodNotSupportedException e && e.getSupportedHttpMethods() != null) {
            headers.setAllow(allowedMethods(e.getSupportedHttpMethods()));
        }
        if (ENDING_CONNECTION.contains(refusal.code())) {
            headers.setConnection("close");
        }
        return responses.create(refusal, request.getRequestURI(), headers);
    }

    /** Returns whether a response could not be written because the client no longer reads it. */
    private static boolean hasDisconnected(Throwable thrown) {
        return thrown instanceof AsyncRequestNotUsableException
                || thrown instanceof ClientAbortException
                || (thrown instanceof HttpMessageNotWritableException
                        && DisconnectedClientHelper.isClientDisconnectedException(thrown));
    }

    /** Returns the methods of a URL, including the methods that Spring answers itself. */
    private static Set<HttpMethod> allowedMethods(Set<HttpMethod> supported) {
        Set<HttpMethod> methods = new LinkedHashSet<>(supported);
        if (supported.contains(HttpMethod.GET)) {
            methods.add(HttpMethod.HEAD);
        }
        methods.add(HttpMethod.OPTIONS);
        return methods;
    }

    /** Logs a refusal at the level that fits its error code. */
    private static void log(HttpServletRequest request, RequestRefusedException refusal, Throwable thrown) {
        if (refusal.code() == ErrorCode.INTERNAL) {
            LOG.error("{} {} failed", request.getMethod(), request.getRequestURI(), thrown);
        } else if (refusal.code() == ErrorCode.DATABASE_UNAVAILABLE) {
            LOG.warn(
                    "{} {} refused: {} ({})",
                    request.getMethod(),
                    request.getRequestURI(),
                    refusal.getMessage(),
                    thrown.getMessage());
        } else if (refusal.code() == ErrorCode.TOO_MANY_REQUESTS || refusal.code() == ErrorCode.REQUEST_TIMEOUT) {
            // These refusals are logged at the level debug, because clients that send too much or too slowly would
            // otherwise fill the log.
            LOG.debug("{} {} refused: {}", request.getMethod(), request.getRequestURI(), refusal.getMessage());
        } else {
            LOG.info(
                    "{} {} refused: {} {}",
                    request.getMethod(),
                    request.getRequestURI(),
                    refusal.code().code(),
                    refusal.getMessage());
        }
    }

    /**
     * Chooses the error code of an exception that a controller, a filter or Spring has thrown. An exception that has no
     * case here is an outage of the database or a bug.
     */
    private static RequestRefusedException toRefusal(Throwable thrown, HttpServletRequest request) {
        return switch (thrown) {
            case RequestRefusedException e -> e;
            case NodeRefusedException e ->
                RequestRefusedException.of(errorCode(e.reason()), String.valueOf(e.getMessage()));
            case AuthenticationException e ->
                RequestRefusedException.of(
                        ErrorCode.NO_TOKEN, "Sign the request, or send a token in the header X-Auth-Token.");
            case AccessDeniedException e -> RequestRefusedException.of(ErrorCode.ROLE_DENIED);
            case NoResourceFoundException e -> unknownUrl(request);
            case NoHandlerFoundException e -> unknownUrl(request);
            case RequestRejectedException e -> firewallRefusal(request, String.valueOf(e.getMessage()));
            case HttpRequestMethodNotSupportedException e -> methodNotAllowed(request);
            case HttpMediaTypeNotSupportedException e -> unsupportedType(request);
            // If the type is a range such as */*, Spring throws this exception, even if no operation has the URL.
            case IllegalArgumentException e when isTypeRange(request.getContentType()) -> unsupportedType(request);
            case HttpMessageNotReadableException e -> MalformedBody.refusal(e);
            case MissingServletRequestParameterException e ->
                RequestRefusedException.of(
                        ErrorCode.INVALID_PARAMETER,
                        e.getParameterName(),
                        FieldProblem.of(e.getParameterName(), /* value= */ null, "present")
                                .sentence());
            // Tomcat throws this exception when a filter or a controller first reads a parameter.
            case InvalidParameterException e -> refusal(e);
            default -> fault(thrown);
        };
    }

    private static boolean isTypeRange(@Nullable String contentType) {
        return contentType != null && contentType.contains("*");
    }

    /** Quotes the header of the request, because the type in the exception has a charset that Spring has added. */
    private static RequestRefusedException unsupportedType(HttpServletRequest request) {
        return RequestRefusedException.of(
                ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                FieldProblem.of(
                                HttpHeaders.CONTENT_TYPE,
                                request.getHeader(HttpHeaders.CONTENT_TYPE),
                                "application/json")
                        .sentence());
    }

    /** Returns the refusal of a query or a form that is too large or cannot be decoded. */
    static RequestRefusedException refusal(InvalidParameterException thrown) {
        return thrown.getErrorCode() == HttpStatus.CONTENT_TOO_LARGE.value()
                ? RequestRefusedException.of(ErrorCode.BODY_TOO_LARGE)
                : RequestRefusedException.of(
                        ErrorCode.INVALID_PARAMETER,
                        "query",
                        "It is malformed: give each parameter a name, and percent-encode names and values as UTF-8.");
    }

    private static RequestRefusedException unknownUrl(HttpServletRequest request) {
        String path = request.getRequestURI();
        // The limit is higher than for other values, because a mistake is often at the end of the path.
        String shownPath = path.length() > MAX_SHOWN_PATH ? ForeignText.beginning(path, MAX_SHOWN_PATH) + "…" : path;
        String rule = path.endsWith("/") ? "without a slash at the end" : "that of an operation of this service";
        return RequestRefusedException.of(ErrorCode.UNKNOWN_URL, "path is '" + shownPath + "', must be " + rule + ".");
    }

    private static RequestRefusedException methodNotAllowed(HttpServletRequest request) {
        return RequestRefusedException.of(
                ErrorCode.METHOD_NOT_ALLOWED,
                "There is no operation with the method '" + request.getMethod() + "' here.");
    }

    /**
     * Chooses the error code of a request that Spring's firewall has rejected because of its method, a header or its
     * URL.
     *
     * @param message text of the firewall's exception
     */
    private static RequestRefusedException firewallRefusal(HttpServletRequest request, String message) {
        if (!List.of(HttpMethod.values()).contains(HttpMethod.valueOf(request.getMethod()))) {
            return methodNotAllowed(request);
        }
        // The exception has no field for the cause, so only its text shows whether a header is the cause.
        return message.contains("header")
                ? RequestRefusedException.of(
                        ErrorCode.INVALID_PARAMETER, "header", "A header holds a control character.")
                : RequestRefusedException.of(
                        ErrorCode.UNKNOWN_URL,
                        "The URL is not normalized: for example, it has a double slash, an encoded one or a semicolon."
                                + " The endpoint of a client must not end with a slash.");
    }

    /**
     * Returns the refusal for an unexpected exception, caused by an unreachable database or by a bug in the service.
     */
    static RequestRefusedException fault(@Nullable Throwable thrown) {
        return DatabaseOutage.isCauseOf(thrown)
                ? RequestRefusedException.of(ErrorCode.DATABASE_UNAVAILABLE)
                : RequestRefusedException.of(
                        ErrorCode.INTERNAL,
                        "The log of the service has the cause under the X-Request-Id of this response.");
    }

    /**
     * Chooses the error code for a Redis server that cannot be used at present, or that can be used but not scanned.
     */
    private static ErrorCode errorCode(NodeRefusedException.Reason reason) {
        return switch (reason) {
            case UNREACHABLE,
                    NOT_REDIS,
                    OTHER_DEPLOYMENT,
                    TOPOLOGY_UNCLEAR,
                    AUTHENTICATION_REQUIRED,
                    WRONG_CREDENTIALS,
                    LOADING -> ErrorCode.INSTANCE_NOT_RUNNING;
            case ADDRESS_DENIED,
                    COMMAND_FORBIDDEN,
                    REPLICA,
                    REPLICA_WITHOUT_PRIMARY,
                    HANDED_OVER,
                    TOO_OLD,
                    NOT_RECLAIMING,
                    NOT_COVERABLE,
                    OVERLOADED -> ErrorCode.SCAN_NOT_SUPPORTED;
        };
    }
}
