package io.keysweep.server.error;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
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
        Object path = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
        String uri = path instanceof String text ? text : "";
        // After a body that Tomcat could not read, it replaces the response of the service by a less exact one.
        RequestRefusedException refusal =
                request.getAttribute(ErrorAdvice.REFUSAL) instanceof RequestRefusedException own
                        ? own
                        : refusal(request, uri);
        return responses.create(refusal, uri, new HttpHeaders());
    }

    private static RequestRefusedException refusal(HttpServletRequest request, String uri) {
        int status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer number ? number : 404;
        return request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof Throwable thrown
                ? ContainerErrors.refusal(status, uri, thrown)
                : ContainerErrors.refusal(status, uri);
    }
}
