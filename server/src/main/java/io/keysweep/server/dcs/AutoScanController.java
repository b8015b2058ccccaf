package io.keysweep.server.dcs;

import io.keysweep.server.autoscan.AutoScanChange;
import io.keysweep.server.autoscan.AutoScanConfig;
import io.keysweep.server.autoscan.AutoScanWording;
import io.keysweep.server.autoscan.Schedules;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.Instance;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * Serves the DCS operations ShowExpireAutoScanConfig and UpdateExpireAutoScanConfig: the schedule of automatic scans.
 */
@RestController
@RequestMapping("/v2/{projectId}/instances/{instanceId}/scan-expire-keys/autoscan-config")
final class AutoScanController {

    private final DcsAccess access;
    private final Schedules schedules;

    AutoScanController(DcsAccess access, Schedules schedules) {
        this.access = access;
        this.schedules = schedules;
    }

    /**
     * Describes the requested schedule; {@link Schedules} applies the rules of DCS for fields that are null (left out).
     *
     * @param enableAutoScan whether automatic scans start
     * @param firstScanAt time of the first start, UTC, such as {@code 2020-06-15T02:21:18Z}
     * @param interval time between two starts in seconds
     * @param timeout time in seconds after which a scan fails
     * @param scanKeysCount 10 to 1000; limits the speed of the scan
     */
    @JsonNaming(SnakeCaseStrategy.class)
    record ChangeBody(
            @Nullable Boolean enableAutoScan,
            @Nullable String firstScanAt,
            @Nullable Integer interval,
            @Nullable Integer timeout,
            @Nullable Integer scanKeysCount) {}

    /** Reports the present schedule; fields that were never set are null, and the JSON leaves them out. */
    @JsonNaming(SnakeCaseStrategy.class)
    record ConfigBody(
            String instanceId,
            boolean enableAutoScan,
            @Nullable String firstScanAt,
            @Nullable Integer interval,
            @Nullable Integer timeout,
            @Nullable Integer scanKeysCount,
            @Nullable String updatedAt) {}

    @GetMapping
    ConfigBody show(
            @AuthenticationPrincipal Caller caller, @PathVariable String projectId, @PathVariable String instanceId) {
        Instance instance = access.requireInstance(caller, projectId, instanceId, Action.GET_AUTOSCAN);
        return schedules.find(instance).map(AutoScanController::body).orElseGet(() -> neverSet(instance.id()));
    }

    @PutMapping
    ConfigBody update(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String projectId,
            @PathVariable String instanceId,
            @RequestBody(required = false) @Nullable ChangeBody body) {
        Instance instance = access.requireInstance(caller, projectId, instanceId, Action.UPDATE_AUTOSCAN);
        if (body == null) {
            throw RequestRefusedException.of(ErrorCode.EMPTY_BODY);
        }
        return body(schedules.change(
                instance,
                new AutoScanChange(
                        body.enableAutoScan(),
                        body.firstScanAt(),
                        body.interval(),
                        body.timeout(),
                        body.scanKeysCount()),
                AutoScanWording.DCS,
                null));
    }

    private static ConfigBody neverSet(UUID instanceId) {
        return new ConfigBody(instanceId.toString(), false, null, null, null, null, null);
    }

    private static ConfigBody body(AutoScanConfig config) {
        return new ConfigBody(
                config.instanceId().toString(),
                config.enabled(),
                DcsTime.text(config.firstScanAt()),
                seconds(config.interval()),
                seconds(config.timeout()),
                config.scanKeysCount(),
                DcsTime.text(config.updatedAt()));
    }

    private static @Nullable Integer seconds(@Nullable Duration duration) {
        return duration == null ? null : Math.toIntExact(duration.toSeconds());
    }
}
