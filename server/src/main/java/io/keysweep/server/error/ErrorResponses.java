package io.keysweep.server.error;

import io.keysweep.server.audit.AuditTrail;
import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.config.Role;
import io.keysweep.server.config.ServiceSettings;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/**
 * Creates the HTTP response for a refused request, in the form that fits the request's path.
 *
 * <ul>
 *   <li>Under {@code /console}, in a process that serves the console: an HTML page.
 *   <li>Under {@code /api/}: problem+json (RFC 9457).
 *   <li>Elsewhere: the error body of the DCS API.
 * </ul>
 *
 * <p>DCS is the Distributed Cache Service of Huawei Cloud, whose API the service also offers. Thread-safe.
 */
@Component
class ErrorResponses {

    /** Names a refused field, with the complete sentence about it. */
    private record FieldError(String field, String detail) {}

    private final ErrorPageRenderer pages;
    private final ServiceSettings settings;

    ErrorResponses(ErrorPageRenderer pages, ServiceSettings settings) {
        this.pages = pages;
        this.settings = settings;
    }

    /**
     * Creates the response. The audit log gets the error code.
     *
     * @param refusal reason of the refusal, with its error code
     * @param path path of the refused request, which decides the form of the response; an empty text if it is not known
     * @param headers headers to send with the response; this method may add {@code Retry-After} to them
     */
    ResponseEntity<Object> create(RequestRefusedException refusal, String path, HttpHeaders headers) {
        ErrorCode code = refusal.code();
        AuditTrail.error(code.code());
        Integer retryAfter = refusal.retryAfterSeconds();
        if (retryAfter != null) {
            headers.set(HttpHeaders.RETRY_AFTER, retryAfter.toString());
        }
        var response = ResponseEntity.status(code.status()).headers(headers);
        if (settings.roles().contains(Role.CONSOLE) && ConsolePath.covers(path)) {
            return response.contentType(new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8))
                    .body(pages.page(refusal));
        }
        if (!path.startsWith("/api/")) {
            return response.contentType(MediaType.APPLICATION_JSON).body(DcsErrorBody.of(refusal));
        }
        return response.contentType(MediaType.APPLICATION_PROBLEM_JSON).body(problem(refusal));
    }

    /** Returns the body of problem+json for a refusal. */
    private static ProblemDetail problem(RequestRefusedException refusal) {
        ErrorCode code = refusal.code();
        ProblemDetail body = ProblemDetail.forStatus(code.status());
        body.setType(URI.create("urn:keysweep:" + code.code()));
        body.setTitle(refusal.codeMessage());
        body.setDetail(refusal.detail());
        body.setProperty("code", code.code());
        if (!refusal.problems().isEmpty()) {
            body.setProperty(
                    "errors",
                    refusal.problems().stream()
                            .map(problem -> new FieldError(problem.field(), problem.sentence()))
                            .toList());
        }
        return body;
    }
}
