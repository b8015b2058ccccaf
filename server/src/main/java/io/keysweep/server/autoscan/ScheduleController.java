package io.keysweep.server.autoscan;

import io.keysweep.api.ScheduleDocument;
import io.keysweep.api.ScheduleView;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.policy.PolicyAccess;
import io.keysweep.server.request.EntityTag;
import io.keysweep.server.window.WindowGates;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/**
 * Serves {@code /api/v1/instances/{id}/schedule}: reads, sets and removes the schedule of an instance, which says when
 * its automatic scans start. The DCS API sets the same schedule.
 *
 * <p>DCS is the Distributed Cache Service of Huawei Cloud, whose API the service also offers.
 */
@RestController
@RequestMapping("/api/v1/instances/{id}/schedule")
final class ScheduleController {

    /** The document of an instance that has no schedule. */
    private static final ScheduleDocument NO_SCHEDULE = new ScheduleDocument(
            /* enabled= */ false,
            /* firstScanAt= */ null,
            /* intervalSeconds= */ null,
            /* timeoutSeconds= */ null,
            /* scanKeysCount= */ null);

    private final Schedules schedules;
    private final WindowGates gates;
    private final PolicyAccess access;
    private final InstantSource clock;

    ScheduleController(Schedules schedules, WindowGates gates, PolicyAccess access, InstantSource clock) {
        this.schedules = schedules;
        this.gates = gates;
        this.access = access;
        this.clock = clock;
    }

    /** Returns the schedule of an instance. If it has no schedule, returns a disabled one without values. */
    @GetMapping
    ScheduleView get(@AuthenticationPrincipal Caller caller, @PathVariable String id, HttpServletResponse response) {
        Instance instance = access.instance(caller, id, Action.GET_AUTOSCAN);
        return viewWithTag(instance, schedules.find(instance).orElse(null), response);
    }

    /**
     * Sets the schedule of an instance, and returns it. Refuses the request if the document breaks a rule, or if {@code
     * If-Match} names another version.
     *
     * @param ifMatch the ETag of the schedule that the client has read; null to replace any version
     */
    @PutMapping
    ScheduleView set(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestBody(required = false) @Nullable JsonNode document,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            HttpServletResponse response) {
        Instance instance = access.instance(caller, id, Action.UPDATE_AUTOSCAN);
        // Both calls below use one moment. The first call moves a first start in the past to the next start. With a
        // later moment, the second call could refuse that start as past.
        Instant receivedAt = clock.instant();
        AutoScanChange change = ScheduleSettings.read(document, receivedAt).change();
        AutoScanConfig config = schedules.change(
                instance,
                change,
                AutoScanWording.NATIVE,
                EntityTag.expectedVersion(ifMatch, "the schedule"),
                receivedAt);
        return viewWithTag(instance, config, response);
    }

    /**
     * Removes the schedule of an instance; also succeeds if there is none. Scans that have begun continue. Refuses the
     * request if {@code If-Match} names another version.
     *
     * @param ifMatch the ETag of the schedule that the client has read; null to remove any version
     */
    @DeleteMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        Instance instance = access.instance(caller, id, Action.UPDATE_AUTOSCAN);
        schedules.remove(instance, EntityTag.expectedVersion(ifMatch, "the schedule"));
    }

    /** Returns the schedule of an instance with its next start, and sets the ETag to its version, 0 for none. */
    private ScheduleView viewWithTag(Instance instance, @Nullable AutoScanConfig config, HttpServletResponse response) {
        int version = config == null ? 0 : config.version();
        response.setHeader(HttpHeaders.ETAG, EntityTag.of(version));
        return new ScheduleView(
                config == null ? NO_SCHEDULE : ScheduleSettings.document(config),
                config == null
                        ? null
                        : NextStarts.next(config, gates.find(instance.id()), clock.instant())
                                .orElse(null),
                config == null ? null : config.lastDue(),
                config == null ? null : config.updatedAt(),
                version);
    }
}
