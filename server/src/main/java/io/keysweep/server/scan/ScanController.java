package io.keysweep.server.scan;

import io.keysweep.api.ApprovalView;
import io.keysweep.api.ScanPage;
import io.keysweep.api.ScanView;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.request.IdempotencyKey;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/**
 * Serves {@code /api/v1/scans}, where clients create scans and read the scans of their project.
 *
 * <p>A scan removes expired keys from an instance (a server or cluster that the project has registered).
 */
@RestController
@RequestMapping("/api/v1/scans")
final class ScanController {

    private final ScanAccess access;
    private final ScanListing listing;
    private final ScanSubmission submission;
    private final ScanViews views;

    ScanController(ScanAccess access, ScanListing listing, ScanSubmission submission, ScanViews views) {
        this.access = access;
        this.listing = listing;
        this.submission = submission;
        this.views = views;
    }

    @GetMapping("/{id}")
    ScanView get(@AuthenticationPrincipal Caller caller, @PathVariable String id, HttpServletResponse response) {
        return withETag(views.of(access.scan(caller, id, Action.LIST_SCANS)), response);
    }

    @GetMapping
    ScanPage list(@AuthenticationPrincipal Caller caller, @RequestParam MultiValueMap<String, String> parameters) {
        return listing.page(caller, ScanQuery.of(parameters));
    }

    /**
     * Creates a scan, after a check that the server can be swept. A repeated request with the same {@code
     * Idempotency-Key} creates no second scan: it is answered with the scan of the first request. A request that waits
     * for approval is answered with status 202 (accepted) and an {@code ApprovalView}.
     */
    @PostMapping
    ResponseEntity<Object> create(
            @AuthenticationPrincipal Caller caller,
            @RequestBody(required = false) @Nullable JsonNode body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            HttpServletResponse response) {
        caller.requireActionSomewhere(Action.ANALYZE_EXPIRED_KEY);
        return switch (submission.submit(caller, body, IdempotencyKey.of(key, "scan", body))) {
            case ScanRequestResult.Created(Scan scan) -> {
                ScanView view = withETag(views.of(scan), response);
                yield ResponseEntity.created(URI.create("/api/v1/scans/" + view.id()))
                        .body(view);
            }
            case ScanRequestResult.AwaitsApproval(ApprovalView approval) ->
                ResponseEntity.accepted()
                        .header(HttpHeaders.LOCATION, "/api/v1/approvals/" + approval.id())
                        .body(approval);
        };
    }

    /**
     * Sets the ETag of the response to the version of the scan's instructions (requests of users to pause, resume,
     * cancel or tune it), and returns the view. A client sends the ETag back in {@code If-Match} when it tunes the
     * scan.
     *
     * <p>The version does not change with the counts. The ETag is therefore set as a plain header: if Spring handled
     * it, a GET with {@code If-None-Match} would get status 304 (not modified) although the counts have changed.
     */
    static ScanView withETag(ScanView view, HttpServletResponse response) {
        response.setHeader(HttpHeaders.ETAG, "\"" + view.version() + "\"");
        return view;
    }
}
