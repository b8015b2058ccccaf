package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keysweep.engine.doctor.Diagnosis;
import io.keysweep.engine.doctor.Doctor;
import io.keysweep.engine.doctor.Finding;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import io.keysweep.testkit.RespProxy;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tests that load balancers are refused, because they lead each connection or command to another server. */
final class LoadBalancerIT {

    @AutoClose
    private static final RedisServer firstServer = RedisServer.start(RedisVersion.REDIS_7_0);

    @AutoClose
    private static final RedisServer secondServer = RedisServer.start(RedisVersion.REDIS_7_0);

    @AutoClose
    private static final RedisServer thirdServer = RedisServer.start(RedisVersion.REDIS_7_0);

    private static final List<RedisServer> servers = List.of(firstServer, secondServer, thirdServer);

    @AutoClose
    private static final SweepEngine engine = LettuceEngine.sweepEngine();

    @AutoClose
    private static final Doctor doctor = LettuceEngine.doctor();

    @BeforeAll
    static void plant() {
        for (RedisServer server : servers) {
            try (RespClient client = server.client()) {
                KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 1_500, /* dead= */ 700);
            }
        }
    }

    @Test
    void sweep_loadBalancerOverPrimaries_isRefused() {
        try (RespProxy balancer = RespProxy.roundRobin(servers)) {
            assertRefused(balancer);
        }
    }

    @Test
    void sweep_loadBalancerOverPrimaryAndReplica_isRefused() {
        try (RedisServer replica = EstimateIT.replicaOf(firstServer);
                RespProxy balancer = RespProxy.roundRobin(List.of(firstServer, replica))) {
            assertRefused(balancer);
        }
    }

    /**
     * The balancer sends each command of a connection to the next server, so a sweep would mix the keys of several
     * servers.
     */
    @Test
    void sweep_balancerOfSingleCommands_isRefused() {
        try (RespProxy balancer = RespProxy.inFrontOf(servers, number -> {
            int[] nextServer = {0};
            return (command, clients) ->
                    clients.get(nextServer[0]++ % clients.size()).call(command.toArray(String[]::new));
        })) {
            assertThatExceptionOfType(NodeRefusedException.class)
                    .isThrownBy(() -> sweep(balancer))
                    .matches(e -> e.reason() == Reason.NOT_COVERABLE)
                    .withMessageContaining("by its own address");
        }
    }

    /** Asserts that a sweep through a load balancer is refused, and that the doctor says why. */
    private static void assertRefused(RespProxy balancer) {
        assertThatExceptionOfType(NodeRefusedException.class)
                .isThrownBy(() -> sweep(balancer))
                .matches(e -> e.reason() == Reason.NOT_COVERABLE)
                .withMessageContaining("leads to several servers");

        Diagnosis diagnosis = doctor.examine(deployment(balancer), /* purging= */ false)
                .diagnoses()
                .getFirst();
        assertThat(diagnosis.findings()).extracting(Finding::id).contains("several-servers");
        assertThat(diagnosis.sweepable()).isFalse();
    }

    private static void sweep(RespProxy balancer) throws InterruptedException {
        engine.sweep(SweepRequest.of(deployment(balancer), PacePolicy.FULL), new SweepControl(), new EventLog());
    }

    private static Deployment deployment(RespProxy balancer) {
        return DeploymentUri.parse(balancer.uri());
    }
}
