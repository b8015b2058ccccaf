package io.keysweep.server.error;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Answers requests that the servlet container (Tomcat) has refused, in the same form as all other errors.
 *
 * <p>Tomcat forwards a request to {@code /error} in two cases: it has refused the request, or a filter has thrown an
 * exception. Tomcat refuses some requests before it has found the application that they are for. It cannot forward such
 * requests, so {@link JsonErrorValve} answers them.
 */
@RestController
final class ContainerErrorController implements ErrorController {

    private final ErrorResponses responses;

    ContainerErrorController(ErrorResponses responses) {
        this.responses = responses;
    }

    /** Creates the response for a request that the container has forwarded. The attributes of the request say why. */
    @RequestMapping("/error")
    ResponseEntity<Object> respond(HttpServletRequest request) {
        Object path = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
        String uri = path instanceof String text ? text : "";
        // If Tomcat could not read the body, it discards the response of ErrorAdvice. The refusal of ErrorAdvice is
        // more exact than the status, and this attribute has kept it.
        RequestRefusedException refusal =
                request.getAttribute(ErrorAdvice.REFUSAL) instanceof RequestRefusedException adviceRefusal
                        ? adviceRefusal
                        : refusal(request, uri);
        return responses.create(refusal, uri, new HttpHeaders());
    }

    private static RequestRefusedException refusal(HttpServletRequest request, String uri) {
        // Without a status, a client has requested the path /error itself, which is not an operation.
        int status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer number ? number : 404;
        return request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof Throwable thrown
                ? ContainerErrors.refusal(status, uri, request, thrown)
                : ContainerErrors.refusal(status, uri, request);
    }
}
