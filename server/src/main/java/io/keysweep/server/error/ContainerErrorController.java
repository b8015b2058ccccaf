package io.keysweep.server.error;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers requests that the servlet container (Tomcat) refused, in the same form as all other errors. */
@RestController
final class ContainerErrorController implements ErrorController {

    private final ErrorResponses responses;

    ContainerErrorController(ErrorResponses responses) {
        this.responses = responses;
    }

    /**
     * Creates the response for a request that the container has forwarded to {@code /error}; the request attributes say
     * why.
     */
    @RequestMapping("/error")
    ResponseEntity<Object> respond(HttpServletRequest request) {
        ErrorCode code = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer status
                ? code(status)
                : ErrorCode.UNKNOWN_URL;
        Object path = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
        RequestRefusedException refusal = switch (request.getAttribute(RequestDispatcher.ERROR_EXCEPTION)) {
            case InvalidParameterException thrown -> ErrorAdvice.malformedParameter();
            case Throwable thrown when code == ErrorCode.INTERNAL -> ErrorAdvice.fault(thrown);
            case null, default -> RequestRefusedException.of(code);
        };
        return responses.create(refusal, path instanceof String uri ? uri : "", new HttpHeaders());
    }

    private static ErrorCode code(int status) {
        return switch (status) {
            // The container answers 400 for a URL that it cannot parse.
            case 400, 404 -> ErrorCode.UNKNOWN_URL;
            case 401 -> ErrorCode.NO_TOKEN;
            case 403 -> ErrorCode.ROLE_DENIED;
            case 405 -> ErrorCode.METHOD_NOT_ALLOWED;
            case 413 -> ErrorCode.BODY_TOO_LARGE;
            case 415 -> ErrorCode.UNSUPPORTED_MEDIA_TYPE;
            default -> ErrorCode.INTERNAL;
        };
    }
}
