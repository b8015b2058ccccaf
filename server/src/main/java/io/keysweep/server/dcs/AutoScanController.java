package io.keysweep.server.dcs;

import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.server.autoscan.AutoScanChange;
import io.keysweep.server.autoscan.AutoScanConfig;
import io.keysweep.server.autoscan.AutoScanWording;
import io.keysweep.server.autoscan.Schedules;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.Instances;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
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
 * Serves the DCS operations ShowExpireAutoScanConfig and UpdateExpireAutoScanConfig.
 *
 * <p>DCS is the Distributed Cache Service of Huawei Cloud, whose API the service also offers.
 *
 * <p>The operations read and change the schedule by which the service starts scans of an instance. {@link Schedules}
 * applies the rules of DCS for the values and their combinations.
 */
@RestController
@RequestMapping("/v2/{projectId}/instances/{instanceId}/scan-expire-keys/autoscan-config")
final class AutoScanController {

    // DCS shows these values before a client has set other values. Its user guide lists the two times as 1440 and 2880
    // minutes.
    private static final int DEFAULT_INTERVAL_SECONDS =
            Math.toIntExact(Duration.ofDays(1).toSeconds());
    private static final int DEFAULT_TIMEOUT_SECONDS =
            Math.toIntExact(Duration.ofDays(2).toSeconds());
    private static final int DEFAULT_SCAN_KEYS_COUNT = 10;

    private final DcsAccess access;
    private final Schedules schedules;
    private final Instances instances;
    private final InstantSource clock;

    AutoScanController(DcsAccess access, Schedules schedules, Instances instances, InstantSource clock) {
        this.access = access;
        this.schedules = schedules;
        this.instances = instances;
        this.clock = clock;
    }

    /**
     * Describes the requested schedule. A field that is null or left out keeps its value; a request that switches the
     * schedule on needs all fields.
     *
     * @param enableAutoScan whether automatic scans start; null to change nothing
     * @param firstScanAt time of the first start, such as {@code 2020-06-15T02:21:18Z}; UTC if it has no offset
     * @param interval time between two starts in seconds; 0 for a single start
     * @param timeout time in seconds after which a scan fails
     * @param scanKeysCount {@code scan_keys_count} of the DCS API, 10 to 1000; limits a scan to 200 times this number
     *     of keys per second
     */
    @JsonNaming(SnakeCaseStrategy.class)
    record ChangeBody(
            @Nullable Boolean enableAutoScan,
            @Nullable String firstScanAt,
            @Nullable Integer interval,
            @Nullable Integer timeout,
            @Nullable Integer scanKeysCount) {

        boolean changesNothing() {
            return enableAutoScan == null
                    && firstScanAt == null
                    && interval == null
                    && timeout == null
                    && scanKeysCount == null;
        }
    }

    /**
     * Reports the current schedule. The numbers have defaults; times that were never set are null, and the JSON leaves
     * them out.
     */
    @JsonNaming(SnakeCaseStrategy.class)
    record ConfigBody(
            String instanceId,
            boolean enableAutoScan,
            @Nullable String firstScanAt,
            int interval,
            int timeout,
            int scanKeysCount,
            @Nullable String updatedAt) {}

    @GetMapping
    ConfigBody show(
            @AuthenticationPrincipal Caller caller, @PathVariable String projectId, @PathVariable String instanceId) {
        Instance instance = access.requireInstance(caller, projectId, instanceId, Action.GET_AUTOSCAN);
        return schedules.find(instance).map(AutoScanController::body).orElseGet(() -> defaults(instance.id()));
    }

    /**
     * Changes the schedule and returns it. If the request switches automatic scans on, first connects to the server of
     * the instance.
     *
     * @throws RequestRefusedException if the body is empty or breaks a rule
     * @throws NodeRefusedException if automatic scans are to be switched on, but the server can never be scanned in its
     *     present state
     */
    @PutMapping
    ConfigBody update(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String projectId,
            @PathVariable String instanceId,
            @RequestBody(required = false) @Nullable ChangeBody body) {
        // The time is read first, because the check of the server takes a while, and a first start that was in the
        // future must stay valid.
        Instant receivedAt = clock.instant();
        Instance instance = access.requireInstance(caller, projectId, instanceId, Action.UPDATE_AUTOSCAN);
        if (body == null || body.changesNothing()) {
            throw RequestRefusedException.of(
                    ErrorCode.EMPTY_BODY,
                    "Send at least one of enable_auto_scan, first_scan_at, interval, timeout and scan_keys_count.");
        }

        if (Boolean.TRUE.equals(body.enableAutoScan())) {
            requireScannable(instance);
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
                /* expected= */ null,
                receivedAt));
    }

    /**
     * Refuses to switch automatic scans on for a server that can never be scanned in its present state, such as a
     * replica. The result of the inspection is stored.
     *
     * <p>A server that is down or busy at present is accepted, because it may have recovered when the first scan
     * starts.
     *
     * @throws NodeRefusedException if the server can never be scanned in its present state
     */
    private void requireScannable(Instance instance) {
        try {
            instances.inspect(instance);
        } catch (NodeRefusedException e) {
            switch (e.reason()) {
                case TOO_OLD, REPLICA, REPLICA_WITHOUT_PRIMARY, COMMAND_FORBIDDEN, ADDRESS_DENIED, NOT_COVERABLE ->
                    throw e;
                case UNREACHABLE,
                        OTHER_DEPLOYMENT,
                        NOT_REDIS,
                        AUTHENTICATION_REQUIRED,
                        WRONG_CREDENTIALS,
                        LOADING,
                        TOPOLOGY_UNCLEAR,
                        HANDED_OVER,
                        NOT_RECLAIMING,
                        OVERLOADED -> {}
            }
        }
    }

    /** Returns the schedule of an instance for which nobody has set one: switched off, with the defaults of DCS. */
    private static ConfigBody defaults(UUID instanceId) {
        return new ConfigBody(
                instanceId.toString(),
                /* enableAutoScan= */ false,
                /* firstScanAt= */ null,
                DEFAULT_INTERVAL_SECONDS,
                DEFAULT_TIMEOUT_SECONDS,
                DEFAULT_SCAN_KEYS_COUNT,
                /* updatedAt= */ null);
    }

    private static ConfigBody body(AutoScanConfig config) {
        return new ConfigBody(
                config.instanceId().toString(),
                config.enabled(),
                DcsTime.text(config.firstScanAt()),
                seconds(config.interval(), DEFAULT_INTERVAL_SECONDS),
                seconds(config.timeout(), DEFAULT_TIMEOUT_SECONDS),
                Objects.requireNonNullElse(config.scanKeysCount(), DEFAULT_SCAN_KEYS_COUNT),
                DcsTime.text(config.updatedAt()));
    }

    private static int seconds(@Nullable Duration duration, int fallback) {
        return duration == null ? fallback : Math.toIntExact(duration.toSeconds());
    }
}
