package io.keysweep.server.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.api.ScanView;
import io.keysweep.api.TimelineEventView;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.server.sweep.SweepRecord;
import io.keysweep.server.timeline.TimelineReader;
import io.keysweep.testkit.Waits;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Creates and follows the scans of clusters in a service, on behalf of one project.
 *
 * @param caller access key of the project
 */
record ClusterScans(TestService service, Credentials caller) {

    /** Creates a scan through the DCS API, and returns its id. */
    String create(String instance) {
        Answer answer = service.call(
                caller, "POST", "/v2/" + caller.projectId() + "/instances/" + instance + "/scan-expire-keys-task", "");
        assertThat(answer.status()).as(answer.response().body()).isBetween(200, 202);
        return Objects.requireNonNull(answer.body().get("id")).asString();
    }

    /**
     * Creates a slow scan, and returns its id. The rate must be so low that the scan still runs long after the test has
     * changed the cluster.
     */
    String createSlow(String instance, long keysPerSecond) {
        return service.bean(Scans.class)
                .create(
                        service.bean(InstanceStore.class)
                                .find(UUID.fromString(instance))
                                .orElseThrow(),
                        ScanType.MANUAL,
                        "the test",
                        /* why= */ null,
                        Duration.ofMinutes(15),
                        keysPerSecond)
                .id()
                .toString();
    }

    /** Changes the rate of a slow scan. */
    void setRate(String scan, long keysPerSecond) {
        service.call(caller, "PATCH", "/api/v1/scans/" + scan, "{\"rateCeiling\":" + keysPerSecond + "}");
    }

    /** Lets a slow scan finish at full pace. */
    void setFullPace(String scan) {
        service.call(caller, "PATCH", "/api/v1/scans/" + scan, "{\"profile\":\"full\",\"rateCeiling\":null}");
    }

    /** Returns the first sweep of a scan that has reclaimed keys. */
    SweepRecord begunSweep(String scan) {
        return scan(scan).sweeps().stream()
                .filter(sweep -> sweep.reclaimed() > 0)
                .findFirst()
                .orElseThrow();
    }

    /** Returns a scan as the native API shows it. */
    ScanView view(String scan) {
        return service.bean(ScanViews.class).of(scan(scan));
    }

    /** Returns the timeline of a scan. */
    List<TimelineEventView> events(String scan) {
        return service.bean(TimelineReader.class).of(UUID.fromString(scan)).events();
    }

    /** Waits until an active scan meets a condition. If the scan ends before, the wait fails immediately. */
    void await(String id, Predicate<Scan> condition) {
        Waits.await("the scan is as expected").until(() -> scan(id), scan -> {
            boolean holds = condition.test(scan);
            if (!holds && !scan.state().active()) {
                throw new IllegalStateException("the scan has ended: " + scan);
            }
            return holds;
        });
    }

    /** Waits until a scan has ended. */
    void awaitEnd(String scan) {
        Waits.await("the scan has ended").until(() -> !scan(scan).state().active());
    }

    /** Returns a scan as it is stored. */
    Scan scan(String id) {
        return service.bean(ScanStore.class).find(UUID.fromString(id)).orElseThrow();
    }
}
