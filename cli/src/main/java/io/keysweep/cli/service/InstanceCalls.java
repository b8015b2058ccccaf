package io.keysweep.cli.service;

import io.keysweep.api.FleetResult;
import io.keysweep.api.InstanceRegistration;
import io.keysweep.api.InstanceTest;
import io.keysweep.api.InstanceView;
import io.keysweep.api.ScheduleDocument;
import io.keysweep.api.ScheduleView;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a service is asked about instances and their schedules. */
final class InstanceCalls {

    /** A cluster of many nodes that do not answer takes a while to look at. */
    private static final Duration TEST_TIMEOUT = Duration.ofMinutes(5);

    private static final String ALL = "/api/v1/instances";

    private final ServiceClient client;

    InstanceCalls(ServiceClient client) {
        this.client = client;
    }

    InstanceView change(String id, Map<String, @Nullable Object> fields, @Nullable String ifMatch)
            throws InterruptedException {
        return client.ask("PATCH", one(id), fields, InstanceView.class, ifMatch(ifMatch), ServiceClient.ANSWER_TIMEOUT);
    }

    InstanceTest test(String id) throws InterruptedException {
        return client.ask("POST", one(id) + "/test", null, InstanceTest.class, Map.of(), TEST_TIMEOUT);
    }

    InstanceTest test(InstanceRegistration registration) throws InterruptedException {
        return client.ask("POST", ALL + "/test", registration, InstanceTest.class, Map.of(), TEST_TIMEOUT);
    }

    FleetResult apply(JsonNode document, boolean dryRun, boolean prune) throws InterruptedException {
        String path = ALL + "/apply?dryRun=" + dryRun + "&prune=" + prune;
        return client.ask("POST", path, document, FleetResult.class, Map.of(), TEST_TIMEOUT);
    }

    ScheduleView schedule(String id) throws InterruptedException {
        return client.ask("GET", one(id) + "/schedule", null, ScheduleView.class);
    }

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
        return client.ask(
                "PUT",
                one(id) + "/schedule",
                body,
                ScheduleView.class,
                ifMatch(version == null ? null : version.toString()),
                ServiceClient.ANSWER_TIMEOUT);
    }

    private static Map<String, String> ifMatch(@Nullable String version) {
        return version == null ? Map.of() : Map.of("If-Match", "\"" + version + "\"");
    }

    private static String one(String id) {
        return ALL + "/" + ServiceClient.segment(id);
    }
}
