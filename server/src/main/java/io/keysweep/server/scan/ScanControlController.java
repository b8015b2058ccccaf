package io.keysweep.server.scan;

import io.keysweep.api.ScanView;
import io.keysweep.server.control.Intervention;
import io.keysweep.server.control.Interventions;
import io.keysweep.server.control.PaceChange;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.request.DocumentReader;
import io.keysweep.server.request.EntityTag;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/**
 * Serves the requests that pause, resume, cancel or tune a scan, and answers each with the changed scan.
 *
 * <p>The paths are {@code POST /api/v1/scans/{id}/pause}, {@code /resume} and {@code /cancel}, and {@code PATCH
 * /api/v1/scans/{id}} to tune, which changes the pace. Every body may contain a {@code reason}, which other users see.
 * Only tuning checks an {@code If-Match} header, because it replaces values that another user may have set in the
 * meantime. A request is refused if the caller is not allowed to control scans, or if the scan is unknown or has ended.
 */
@RestController
@RequestMapping("/api/v1/scans/{id}")
final class ScanControlController {

    /** Names of the JSON fields that the body of a request to tune a scan may have. */
    private static final List<String> TUNE_FIELDS = Stream.concat(
                    PaceChange.FIELDS.stream(), Interventions.FIELDS.stream())
            .toList();

    private final ScanAccess access;
    private final ScanControls controls;
    private final ScanViews views;
    private final Interventions interventions;

    ScanControlController(ScanAccess access, ScanControls controls, ScanViews views, Interventions interventions) {
        this.access = access;
        this.controls = controls;
        this.views = views;
        this.interventions = interventions;
    }

    @PostMapping("/pause")
    ScanView pause(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestBody(required = false) @Nullable JsonNode body,
            HttpServletResponse response) {
        UUID scanId = scanId(caller, id);
        controls.pause(scanId, interventions.of(caller, body));
        return reloadView(caller, id, response);
    }

    @PostMapping("/resume")
    ScanView resume(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestBody(required = false) @Nullable JsonNode body,
            HttpServletResponse response) {
        UUID scanId = scanId(caller, id);
        controls.resume(scanId, interventions.of(caller, body));
        return reloadView(caller, id, response);
    }

    @PostMapping("/cancel")
    ScanView cancel(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestBody(required = false) @Nullable JsonNode body,
            HttpServletResponse response) {
        UUID scanId = scanId(caller, id);
        controls.cancel(scanId, interventions.of(caller, body));
        return reloadView(caller, id, response);
    }

    @PatchMapping
    ScanView tune(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestBody(required = false) @Nullable JsonNode body,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
            HttpServletResponse response) {
        UUID scanId = scanId(caller, id);
        DocumentReader reader = DocumentReader.ofOptional(body, TUNE_FIELDS);
        // All fields are read before the check, so that a refusal names every field that breaks a rule.
        PaceChange uncheckedChange = PaceChange.of(reader);
        Intervention intervention = interventions.of(caller, reader);
        PaceChange change = reader.requireValid(() -> uncheckedChange);
        if (change.changesNothing()) {
            throw RequestRefusedException.parameter(
                    "body",
                    /* value= */ null,
                    "an object with at least one of profile, stallBudgetMs, share and rateCeiling");
        }
        controls.tune(scanId, change, EntityTag.expectedVersion(ifMatch, "the scan"), intervention);
        return reloadView(caller, id, response);
    }

    /** Returns the id of a scan in the path, after the check that the caller may control the scan. */
    private UUID scanId(Caller caller, String id) {
        return access.scan(caller, id, Action.CONTROL_SCANS).id();
    }

    /**
     * Reads the scan again after the change and returns its view. Sets the ETag to the version of the instructions,
     * which are the requests of users to pause, resume, cancel or tune the scan.
     */
    private ScanView reloadView(Caller caller, String id, HttpServletResponse response) {
        return ScanController.withETag(views.of(access.scan(caller, id, Action.CONTROL_SCANS)), response);
    }
}
