package io.keysweep.server.error;

import io.keysweep.engine.topology.NodeRefusedException;
import jakarta.servlet.http.HttpServletRequest;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/**
 * Turns every exception into an error response and logs it.
 *
 * <p>Filters pass their exceptions to this class through Spring's {@code HandlerExceptionResolver}.
 */
@RestControllerAdvice
final class ErrorAdvice {

    private static final Logger LOG = LoggerFactory.getLogger(ErrorAdvice.class);

    private final ErrorResponses responses;

    ErrorAdvice(ErrorResponses responses) {
        this.responses = responses;
    }

    /** Logs an exception and returns the response; only a bug of the service is logged with a stack trace. */
    @ExceptionHandler
    ResponseEntity<Object> respond(Throwable thrown, HttpServletRequest request) {
        RequestRefusedException refusal = refusal(thrown);
        if (refusal.code() == ErrorCode.INTERNAL) {
            LOG.error("{} {} failed", request.getMethod(), request.getRequestURI(), thrown);
        } else if (refusal.code() == ErrorCode.DATABASE_UNAVAILABLE) {
            LOG.warn(
                    "{} {} refused: {} ({})",
                    request.getMethod(),
                    request.getRequestURI(),
                    refusal.getMessage(),
                    thrown.getMessage());
        } else {
            LOG.info(
                    "{} {} refused: {} {}",
                    request.getMethod(),
                    request.getRequestURI(),
                    refusal.code().code(),
                    refusal.getMessage());
        }
        HttpHeaders headers = new HttpHeaders();
        if (thrown instanceof HttpRequestMethodNotSupportedException e && e.getSupportedHttpMethods() != null) {
            headers.setAllow(e.getSupportedHttpMethods());
        }
        if (refusal.code() == ErrorCode.BODY_TOO_LARGE) {
            // The rest of the body is still unread, so the connection cannot carry another request.
            headers.setConnection("close");
        }
        return responses.create(refusal, request.getRequestURI(), headers);
    }

    /** Chooses the error code of an exception that a controller, a filter or Spring has thrown. */
    private static RequestRefusedException refusal(Throwable thrown) {
        return switch (thrown) {
            case RequestRefusedException e -> e;
            case NodeRefusedException e -> RequestRefusedException.of(code(e.reason()), String.valueOf(e.getMessage()));
            case AuthenticationException e -> RequestRefusedException.of(ErrorCode.NO_TOKEN);
            case AccessDeniedException e -> RequestRefusedException.of(ErrorCode.ROLE_DENIED);
            case NoResourceFoundException e -> RequestRefusedException.of(ErrorCode.UNKNOWN_URL);
            case NoHandlerFoundException e -> RequestRefusedException.of(ErrorCode.UNKNOWN_URL);
            case RequestRejectedException e ->
                RequestRefusedException.of(
                        ErrorCode.UNKNOWN_URL, "The URL is not normalized: for example, it has a double slash.");
            case HttpRequestMethodNotSupportedException e ->
                RequestRefusedException.of(ErrorCode.METHOD_NOT_ALLOWED, "method is '" + e.getMethod() + "'.");
            case HttpMediaTypeNotSupportedException e ->
                RequestRefusedException.of(
                        ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                        "Content-Type is '" + e.getContentType() + "', must be application/json.");
            // Tomcat throws this exception when a controller first reads a parameter.
            case InvalidParameterException e -> malformedParameter();
            case HttpMessageNotReadableException e -> RequestRefusedException.of(ErrorCode.MALFORMED_BODY);
            default -> fault(thrown);
        };
    }

    /** Returns the refusal of a query or a form that cannot be decoded. */
    static RequestRefusedException malformedParameter() {
        return RequestRefusedException.of(
                ErrorCode.INVALID_PARAMETER, "query or form", "Each % in it must be followed by two hex digits.");
    }

    /**
     * Returns the refusal for an unexpected exception, caused by an unreachable database or by a bug in the service.
     */
    static RequestRefusedException fault(@Nullable Throwable thrown) {
        return RequestRefusedException.of(
                DatabaseOutage.isCauseOf(thrown) ? ErrorCode.DATABASE_UNAVAILABLE : ErrorCode.INTERNAL);
    }

    /** Chooses the error code for a Redis server that cannot be used, or that can be used but not scanned. */
    private static ErrorCode code(NodeRefusedException.Reason reason) {
        return switch (reason) {
            case UNREACHABLE, NOT_REDIS, OTHER_DEPLOYMENT, AUTHENTICATION_REQUIRED, WRONG_CREDENTIALS, LOADING ->
                ErrorCode.INSTANCE_NOT_RUNNING;
            case COMMAND_FORBIDDEN,
                    REPLICA,
                    REPLICA_WITHOUT_PRIMARY,
                    HANDED_OVER,
                    TOO_OLD,
                    NOT_RECLAIMING,
                    OVERLOADED -> ErrorCode.SCAN_NOT_SUPPORTED;
        };
    }
}
