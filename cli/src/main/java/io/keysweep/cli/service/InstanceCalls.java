package io.keysweep.cli.service;

import io.keysweep.api.EstimateOptions;
import io.keysweep.api.EstimateView;
import io.keysweep.api.FleetResult;
import io.keysweep.api.InstanceCheck;
import io.keysweep.api.InstanceRegistration;
import io.keysweep.api.InstanceView;
import io.keysweep.api.ScheduleDocument;
import io.keysweep.api.ScheduleView;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Makes the calls of the native API for instances, their estimates and their schedules. */
final class InstanceCalls {

    /** Inspecting a cluster with many nodes that do not answer takes minutes. */
    private static final Duration INSPECTION_TIMEOUT = Duration.ofMinutes(5);
    /** An exact estimate visits every key of a replica. */
    private static final Duration ESTIMATE_TIMEOUT = Duration.ofHours(6);

    private static final String INSTANCES = "/api/v1/instances";

    private final ServiceClient client;

    InstanceCalls(ServiceClient client) {
        this.client = client;
    }

    List<InstanceView> list() throws InterruptedException {
        return List.of(client.call("GET", INSTANCES, null, InstanceView[].class));
    }

    /**
     * Changes the fields that are given; null as a value removes one.
     *
     * @param revision makes the change only if the instance still has this revision; null makes it in any case
     */
    InstanceView change(String id, Map<String, @Nullable Object> fields, @Nullable Integer revision)
            throws InterruptedException {
        return client.call("PATCH", path(id), fields, InstanceView.class, ServiceClient.ifMatch(revision));
    }

    void remove(String id) throws InterruptedException {
        client.delete(path(id));
    }

    InstanceCheck test(String id) throws InterruptedException {
        return client.call("POST", path(id) + "/test", null, InstanceCheck.class, INSPECTION_TIMEOUT);
    }

    InstanceCheck test(InstanceRegistration registration) throws InterruptedException {
        return client.call("POST", INSTANCES + "/test", registration, InstanceCheck.class, INSPECTION_TIMEOUT);
    }

    FleetResult apply(JsonNode document, boolean dryRun, boolean prune) throws InterruptedException {
        String path = INSTANCES + "/apply?dryRun=" + dryRun + "&prune=" + prune;
        return client.call("POST", path, document, FleetResult.class, INSPECTION_TIMEOUT);
    }

    EstimateView estimate(String id, EstimateOptions options) throws InterruptedException {
        return client.call("POST", path(id) + "/estimates", options, EstimateView.class, ESTIMATE_TIMEOUT);
    }

    EstimateView lastEstimate(String id) throws InterruptedException {
        return client.call("GET", path(id) + "/estimates", null, EstimateView.class);
    }

    ScheduleView schedule(String id) throws InterruptedException {
        return client.call("GET", path(id) + "/schedule", null, ScheduleView.class);
    }

    /**
     * Replaces the schedule.
     *
     * @param version replaces it only if it still has this version; null replaces it in any case
     */
    ScheduleView setSchedule(String id, ScheduleDocument document, @Nullable Integer version)
            throws InterruptedException {
        Map<String, @Nullable Object> body = new HashMap<>();
        body.put("enabled", document.enabled());
        body.put(
                "firstScanAt",
                document.firstScanAt() == null ? null : document.firstScanAt().toString());
        body.put("intervalSeconds", document.intervalSeconds());
        body.put("timeoutSeconds", document.timeoutSeconds());
        body.put("scanKeysCount", document.scanKeysCount());
        return client.call("PUT", path(id) + "/schedule", body, ScheduleView.class, ServiceClient.ifMatch(version));
    }

    private static String path(String id) {
        return INSTANCES + "/" + ServiceClient.segment(id);
    }
}
