package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.doctor.Diagnosis;
import io.keysweep.engine.doctor.Doctor;
import io.keysweep.engine.doctor.Examination;
import io.keysweep.engine.estimate.BacklogEstimator;
import io.keysweep.engine.estimate.DeploymentEstimate;
import io.keysweep.engine.estimate.Estimate;
import io.keysweep.engine.estimate.EstimateRequest;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.testkit.RedisCluster;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that doctor and estimate report on the living primaries of a cluster if one primary is dead. */
final class PartialClusterIT {

    @AutoClose
    private static final Doctor doctor = LettuceEngine.doctor();

    @AutoClose
    private static final BacklogEstimator estimator = LettuceEngine.estimator();

    @ParameterizedTest
    @EnumSource(names = {"REDIS_7_0", "VALKEY_9"})
    void cluster_primaryDead_othersAreExaminedAndEstimated(RedisVersion version) throws InterruptedException {
        try (RedisCluster cluster = RedisCluster.start(version, /* primaries= */ 3, /* replicas= */ 0)) {
            RedisServer deadPrimary = cluster.nodes().get(1);
            deadPrimary.kill();
            String address = "127.0.0.1:" + deadPrimary.port();
            List<String> living = cluster.nodes().stream()
                    .filter(node -> node != deadPrimary)
                    .map(node -> "127.0.0.1:" + node.port())
                    .toList();
            Deployment deployment = DeploymentUri.parse("redis-cluster://" + living.getFirst());

            // The doctor examines the living primaries, and reports the dead one as unreachable.
            Examination examination = doctor.examine(deployment, /* purging= */ false);

            assertThat(examination.diagnoses())
                    .extracting(Diagnosis::nodeId)
                    .containsExactlyInAnyOrderElementsOf(living);
            assertThat(examination.refusals())
                    .singleElement()
                    .returns(address, NodeRefusedException::nodeId)
                    .returns(NodeRefusedException.Reason.UNREACHABLE, NodeRefusedException::reason);

            // The estimate counts on the living primaries, and reports one failure.
            DeploymentEstimate estimate = estimator.estimateEach(
                    new EstimateRequest(deployment, /* exact= */ false, /* samplePrimary= */ true));

            assertThat(estimate.estimates()).extracting(Estimate::nodeId).containsExactlyInAnyOrderElementsOf(living);
            assertThat(estimate.failures()).singleElement().isInstanceOf(NodeRefusedException.class);
        }
    }

    @Test
    void cluster_slotsWithoutPrimary_areNamed() throws InterruptedException {
        try (RedisServer server = RedisServer.start(RedisVersion.REDIS_7_0, "--cluster-enabled", "yes");
                RespClient client = server.client()) {
            Deployment deployment = DeploymentUri.parse("redis-cluster://127.0.0.1:" + server.port());
            assertSlotsNamed(deployment, /* primaries= */ 0, "slots 0-16383 are served by no primary");

            client.call("CLUSTER", "ADDSLOTS", "5", "6");
            assertSlotsNamed(deployment, /* primaries= */ 1, "slots 0-4,7-16383 are served by no primary");
        }
    }

    /** Asserts that doctor and estimate report this number of primaries, and that some slots have no primary. */
    private static void assertSlotsNamed(Deployment deployment, int primaries, String message)
            throws InterruptedException {
        Examination examination = doctor.examine(deployment, /* purging= */ false);
        assertThat(examination.diagnoses()).hasSize(primaries);
        assertThat(examination.refusals())
                .singleElement()
                .satisfies(e -> assertThat(e).hasMessageContaining(message));

        DeploymentEstimate estimate =
                estimator.estimateEach(new EstimateRequest(deployment, /* exact= */ false, /* samplePrimary= */ true));
        assertThat(estimate.estimates()).hasSize(primaries);
        assertThat(estimate.failures())
                .singleElement()
                .satisfies(e -> assertThat(e).hasMessageContaining(message));
    }
}
