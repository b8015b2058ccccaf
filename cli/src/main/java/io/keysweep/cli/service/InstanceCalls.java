package io.keysweep.cli.service;

import io.keysweep.api.EstimateOptions;
import io.keysweep.api.EstimateView;
import io.keysweep.api.FleetResult;
import io.keysweep.api.InstanceCheck;
import io.keysweep.api.InstanceRegistration;
import io.keysweep.api.InstanceRemoval;
import io.keysweep.api.InstanceView;
import io.keysweep.api.RaisedSettingsView;
import io.keysweep.api.ScheduleDocument;
import io.keysweep.api.ScheduleView;
import io.keysweep.api.TrendView;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Sends the requests of the native API ({@code /api/v1}) for instances, their estimates and their schedules.
 *
 * <p>An instance is a server, Sentinel deployment or cluster that a project has registered. Each method waits for the
 * answer and returns it. Errors are reported as {@link ServiceClient} describes.
 */
final class InstanceCalls {

    /**
     * Time limit of requests for which the service connects to servers. A cluster with many nodes that do not answer
     * takes minutes.
     */
    private static final Duration INSPECTION_TIMEOUT = Duration.ofMinutes(5);

    /** Time limit of an estimate. An exact estimate visits every key of a replica, which takes long. */
    private static final Duration ESTIMATE_TIMEOUT = Duration.ofHours(6);

    private static final String INSTANCES = "/api/v1/instances";

    private final ServiceClient client;

    InstanceCalls(ServiceClient client) {
        this.client = client;
    }

    List<InstanceView> list() throws InterruptedException {
        return List.of(client.get(INSTANCES, InstanceView[].class));
    }

    InstanceView get(String id) throws InterruptedException {
        return client.call("GET", path(id), /* body= */ null, InstanceView.class, INSPECTION_TIMEOUT);
    }

    /**
     * Changes the settings of an instance.
     *
     * @param fields new values by JSON field name; null as a value removes the setting, a missing field is not changed
     * @param revision revision that the instance must still have, or else the change is refused; null for no such
     *     condition
     */
    InstanceView change(String id, Map<String, @Nullable Object> fields, @Nullable Integer revision)
            throws InterruptedException {
        return client.call("PATCH", path(id), fields, InstanceView.class, ServiceClient.ifMatch(revision));
    }

    /** Removes an instance and the record of its scans. */
    void remove(String id) throws InterruptedException {
        client.delete(path(id));
    }

    /**
     * Removes an instance and the record of its scans, even if assist has left settings of its servers raised. Returns
     * these settings.
     */
    InstanceRemoval removeByForce(String id) throws InterruptedException {
        return client.call("DELETE", path(id) + "?force=true", /* body= */ null, InstanceRemoval.class);
    }

    /**
     * Lets the service forget settings of an instance's servers that assist has left raised. Returns these settings.
     */
    List<RaisedSettingsView> forgetRaisedSettings(String id) throws InterruptedException {
        return List.of(
                client.call("DELETE", path(id) + "/raised-settings", /* body= */ null, RaisedSettingsView[].class));
    }

    /** Lets the service inspect the servers of an instance, without changing a live key. May take minutes. */
    InstanceCheck test(String id) throws InterruptedException {
        return client.call("POST", path(id) + "/test", /* body= */ null, InstanceCheck.class, INSPECTION_TIMEOUT);
    }

    /** Lets the service inspect servers that are not registered. Registers nothing. May take minutes. */
    InstanceCheck test(InstanceRegistration registration) throws InterruptedException {
        return client.call("POST", INSTANCES + "/test", registration, InstanceCheck.class, INSPECTION_TIMEOUT);
    }

    /**
     * Changes the instances of the project to match a document. Changes nothing if any part of the document is not
     * valid.
     *
     * @param document all instances with their settings, without references to secrets
     * @param dryRun whether to change nothing, and only report what would change
     * @param prune whether to remove the instances that the document does not name
     */
    FleetResult apply(JsonNode document, boolean dryRun, boolean prune) throws InterruptedException {
        String path = INSTANCES + "/apply?dryRun=" + dryRun + "&prune=" + prune;
        return client.call("POST", path, document, FleetResult.class, INSPECTION_TIMEOUT);
    }

    /** Lets the service make an estimate of the expired keys that an instance still holds. May take hours. */
    EstimateView estimate(String id, EstimateOptions options) throws InterruptedException {
        return client.call("POST", path(id) + "/estimates", options, EstimateView.class, ESTIMATE_TIMEOUT);
    }

    /** Returns the last estimate that the service has stored; fails if there is none. */
    EstimateView lastEstimate(String id) throws InterruptedException {
        return client.get(path(id) + "/estimates", EstimateView.class);
    }

    /** Returns the measurements of scans and estimates of an instance in the last days. */
    TrendView trends(String id, int days) throws InterruptedException {
        return client.get(path(id) + "/trends?days=" + days, TrendView.class);
    }

    ScheduleView schedule(String id) throws InterruptedException {
        return client.get(path(id) + "/schedule", ScheduleView.class);
    }

    /**
     * Replaces the schedule of automatic scans of an instance. A null in the document is sent as null, which the
     * service accepts only if the schedule is switched off.
     *
     * @param version version that the schedule must still have, or else the change is refused; null for no such
     *     condition
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
