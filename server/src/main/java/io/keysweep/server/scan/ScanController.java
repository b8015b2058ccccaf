package io.keysweep.server.scan;

import io.keysweep.api.ScanPage;
import io.keysweep.api.ScanView;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.request.IdempotencyKey;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Serves {@code /api/v1/scans}: lists, creates and shows the scans of the caller's project. */
@RestController
@RequestMapping("/api/v1/scans")
final class ScanController {

    private final ScanAccess access;
    private final ScanListing listing;
    private final ScanCreation creation;
    private final ScanViews views;

    ScanController(ScanAccess access, ScanListing listing, ScanCreation creation, ScanViews views) {
        this.access = access;
        this.listing = listing;
        this.creation = creation;
        this.views = views;
    }

    @GetMapping("/{id}")
    ScanView get(@AuthenticationPrincipal Caller caller, @PathVariable String id, HttpServletResponse response) {
        return tagged(views.of(access.scan(caller, id, Action.LIST_SCANS)), response);
    }

    @GetMapping
    ScanPage list(@AuthenticationPrincipal Caller caller, @RequestParam MultiValueMap<String, String> parameters) {
        caller.require(Action.LIST_SCANS);
        return listing.page(caller.projectId(), ScanQuery.of(parameters));
    }

    /** Creates a scan, or answers with the scan that an earlier request with the same {@code Idempotency-Key} has created. */
    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    ScanView create(
            @AuthenticationPrincipal Caller caller,
            @RequestBody(required = false) @Nullable JsonNode body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            HttpServletResponse response) {
        caller.require(Action.ANALYZE_EXPIRED_KEY);
        ScanView view = views.of(
                creation.create(caller.projectId(), ScanRequest.of(body), IdempotencyKey.of(key, "scan", body)));
        response.setHeader(HttpHeaders.LOCATION, "/api/v1/scans/" + view.id());
        return tagged(view, response);
    }

    /**
     * Adds the ETag that a tune can depend on. The ETag is the version of the scan's instructions and does not change with
     * its counts. It is set as a plain header, so that Spring does not answer a GET with 304 because of it.
     */
    static ScanView tagged(ScanView view, HttpServletResponse response) {
        response.setHeader(HttpHeaders.ETAG, "\"" + view.version() + "\"");
        return view;
    }
}
