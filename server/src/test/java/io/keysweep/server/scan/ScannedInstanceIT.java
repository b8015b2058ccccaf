package io.keysweep.server.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceObservation;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.server.instance.Instances;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Tests what a scan changes about its instance: it removes the problem of the instance, and adds to its trends. */
@ExtendWith(SharedServicesResolver.class)
@ParameterizedClass
@ValueSource(strings = {"h2", "postgresql"})
class ScannedInstanceIT {

    private final String dialect;
    private TestService service;
    private Credentials key;

    ScannedInstanceIT(String dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void start(SharedServices services) {
        service = services.on(dialect);
        key = service.newAdministrator("scanned instances " + UUID.randomUUID());
    }

    /** The instance has a problem, because its server was down at the last inspection. A successful scan removes it. */
    @Test
    void scan_thatSucceeds_removesTheProblemOfItsInstance() {
        UUID instanceId = UUID.fromString(service.register(key, "was down", "redis://127.0.0.1:1"));
        InstanceStore instances = service.bean(InstanceStore.class);

        assertThat(instances.find(instanceId).orElseThrow().observation())
                .extracting(InstanceObservation::problem)
                .isNotNull();

        Scan scan = ScanStores.waiting(instanceId, ScanStores.NOW);
        ScanTransitions transitions = service.bean(ScanTransitions.class);
        transitions.insert(scan);
        transitions.start(scan.id(), scan.createdAt(), scan.createdAt());
        service.bean(ScanFinisher.class)
                .finish(scan, instances.find(instanceId).orElseThrow().deployment(), /* failure= */ null);

        assertThat(instances.find(instanceId).orElseThrow().observation())
                .extracting(InstanceObservation::problem)
                .isNull();
    }

    /**
     * An inspection has stored a new problem after the end of the scan had read the instance. The end must not remove
     * it.
     */
    @Test
    void problem_foundAfterTheScanReadTheInstance_isKept() {
        UUID instanceId = UUID.fromString(service.register(key, "is down again", "redis://127.0.0.1:1"));
        InstanceStore instances = service.bean(InstanceStore.class);
        Instance beforeInspection = instances.find(instanceId).orElseThrow();
        Instance inspectedAgain = service.bean(Instances.class).refresh(beforeInspection);

        assertThat(inspectedAgain.observation()).isNotEqualTo(beforeInspection.observation());

        // The end of the scan knows only the former observation.
        instances.clearProblem(beforeInspection);
        assertThat(instances.find(instanceId).orElseThrow().observation()).isEqualTo(inspectedAgain.observation());

        // A scan that has read the new observation removes its problem.
        instances.clearProblem(inspectedAgain);
        assertThat(instances.find(instanceId).orElseThrow().observation())
                .extracting(InstanceObservation::problem)
                .isNull();
    }

    @Test
    void trends_ofAnInstance_haveAPointWithTheNumbersOfItsScan() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0)) {
            KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, /* live= */ 200, /* dead= */ 100);
            ScanRequests scans = new ScanRequests(service);
            String instanceId = service.register(key, "measured", redis.uri());
            String path = "/api/v1/instances/" + instanceId + "/trends";

            assertThat(service.call(key, "GET", path, "").body().get("points").size())
                    .isZero();

            // After a scan, the trends have one point.
            String scanId =
                    scans.awaitEnd(key, scans.create(key, ScanRequests.body(instanceId), /* idempotencyKey= */ null));
            JsonNode scan =
                    service.call(key, "GET", "/api/v1/scans/" + scanId, "").body();
            JsonNode history = service.call(key, "GET", path, "").body();

            assertThat(history.get("days").asInt()).isEqualTo(30);
            assertThat(history.get("points").size()).isOne();

            JsonNode point = history.get("points").get(0);
            assertThat(point.get("minutes").asInt()).isZero();
            assertThat(point.get("scans").asInt()).isOne();
            assertThat(point.get("at")).isEqualTo(scan.get("finishedAt"));
            assertThat(point.get("visited")).isEqualTo(scan.get("visited"));
            assertThat(point.get("reclaimed")).isEqualTo(scan.get("reclaimed"));
            assertThat(point.get("usedMemoryBefore")).isEqualTo(scan.get("usedMemoryBefore"));
            assertThat(point.has("deadKeys")).isFalse();

            // The number of days is limited.
            ScanRequests.assertProblem(
                    service.call(key, "GET", path + "?days=732", ""),
                    ErrorCode.INVALID_PARAMETER,
                    "days is '732', must be");
        }
    }
}
