package io.keysweep.server.metrics;

import io.micrometer.core.instrument.Tags;
import org.jspecify.annotations.Nullable;

/**
 * Lists the gauges of the whole service: metrics of current values, such as the number of workers.
 *
 * <p>The values are read from the database, so every process reports the same values. Several gauges can share the name
 * of a metric; a tag with a fixed value then distinguishes them. No tag depends on an instance or a scan, so the number
 * of time series does not grow with their number.
 */
enum FleetGauge {
    INSTANCES("keysweep.instances", "Registered instances"),
    INSTANCES_REFUSED("keysweep.instances.refused", "Registered instances that could not be inspected the last time"),
    RAISED_SERVERS("keysweep.raised.servers", "Servers whose settings assist has left raised, without a scan"),
    SCANS_WAITING("keysweep.scans", "Scans that have not ended, by state", "state", "waiting"),
    SCANS_RUNNING("keysweep.scans", "Scans that have not ended, by state", "state", "running"),
    SCANS_PAUSED("keysweep.scans", "Scans that have not ended, by state", "state", "paused"),
    SCAN_PAUSED_SECONDS("keysweep.scan.paused.seconds.max", "Seconds for which the longest paused scan is paused"),
    SWEEPS_RUNNING("keysweep.sweeps", "Sweeps of primaries, by whether they have a permit", "state", "running"),
    SWEEPS_WAITING("keysweep.sweeps", "Sweeps of primaries, by whether they have a permit", "state", "waiting"),
    PERMIT_WAIT_SECONDS(
            "keysweep.permit.wait.seconds.max",
            "Seconds for which the longest waiting sweep waits for a permit, without scans that have one"),
    PROCESSES_ALIVE("keysweep.processes", "Processes of the service, by status", "status", "alive"),
    /** The processes that have missed heartbeats. */
    PROCESSES_MISSED("keysweep.processes", "Processes of the service, by status", "status", "missed"),
    DELIVERIES_PENDING("keysweep.webhook.deliveries.pending", "Deliveries to webhooks that are not made yet"),
    WEBHOOKS_ENABLED("keysweep.webhooks", "Registered webhooks, by status", "status", "enabled"),
    WEBHOOKS_DISABLED("keysweep.webhooks", "Registered webhooks, by status", "status", "disabled"),
    BACKLOG_ESTIMATES("keysweep.backlog.estimates", "Instances with an estimate that no complete scan has followed"),
    BACKLOG_KEYS("keysweep.backlog.keys", "Sum of the dead keys in these estimates"),
    BACKLOG_BYTES("keysweep.backlog.bytes", "Sum of the memory of the dead keys in these estimates"),
    CLIFFS("keysweep.cliffs", "Times ahead in which, by forecasts, far more keys die than around them"),
    CLIFF_BACKLOG_KEYS(
            "keysweep.cliff.backlog.keys.max",
            "The most dead keys that the servers' own expiry is expected to leave after one of these cliffs");

    /** Name of the metric, such as {@code keysweep.scans}. */
    final String metric;

    final String description;
    private final @Nullable String tagName;
    private final @Nullable String tagValue;

    FleetGauge(String metric, String description) {
        this(metric, description, /* tagName= */ null, /* tagValue= */ null);
    }

    FleetGauge(String metric, String description, @Nullable String tagName, @Nullable String tagValue) {
        this.metric = metric;
        this.description = description;
        this.tagName = tagName;
        this.tagValue = tagValue;
    }

    /** Returns the tag of this gauge, or none if it is the only gauge with its metric. */
    Tags tags() {
        return tagName == null || tagValue == null ? Tags.empty() : Tags.of(tagName, tagValue);
    }
}
