package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keysweep.engine.discovery.Primary;
import io.keysweep.engine.discovery.SentinelDiscovery;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.Credentials;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeMap;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.SlotSet;
import io.keysweep.testkit.RedisSentinel;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Tests the search for the primary at real sentinels. */
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
final class SentinelDiscoveryIT {

    private static final Access ACCESS = new Access(new Credentials(/* username= */ null, "secret"), /* tls= */ null);

    @AutoClose
    private static final NodeConnector connector = new LettuceConnector(Duration.ofMinutes(1), Duration.ofMinutes(1));

    @Test
    void discover_failoverAndDeadSentinel_findsTheNewPrimary() {
        try (RedisSentinel deployment = RedisSentinel.start(RedisVersion.REDIS_7_0, /* replicas= */ 1, "secret")) {
            List<NodeAddress> sentinels = deployment.sentinels().stream()
                    .map(SentinelDiscoveryIT::address)
                    .toList();
            SentinelDiscovery discovery = discovery(sentinels, RedisSentinel.NAME, ACCESS);

            assertThat(discovery.discover().primaries())
                    .containsExactly(new Primary(address(deployment.primary()), SlotSet.ALL, List.of()));

            // Another name of the primary, or no password of the sentinels, is refused.
            assertThatExceptionOfType(NodeRefusedException.class)
                    .isThrownBy(discovery(sentinels, "other", ACCESS)::discover)
                    .withMessageContaining("knows no 'other', it knows: main");
            assertThatExceptionOfType(NodeRefusedException.class)
                    .isThrownBy(discovery(sentinels, RedisSentinel.NAME, Access.OPEN)::discover)
                    .withMessageContaining("NOAUTH")
                    .withMessageContaining("KEYSWEEP_SENTINEL_PASSWORD or --sentinel-password");

            // After a failover, the other sentinels name the new primary, although one sentinel is dead.
            deployment.failover();
            deployment.sentinels().getFirst().kill();
            assertThat(discovery.discover().primaries())
                    .extracting(Primary::address)
                    .containsExactly(address(deployment.servers().getLast()));

            // Without any sentinel, the primary is not found.
            deployment.sentinels().forEach(RedisServer::kill);
            assertThatExceptionOfType(NodeRefusedException.class)
                    .isThrownBy(discovery::discover)
                    .withMessageStartingWith("none of 3 sentinels reported where 'main' is");
        }
    }

    private static SentinelDiscovery discovery(List<NodeAddress> sentinels, String name, Access access) {
        return new SentinelDiscovery(
                connector, new Deployment.Sentinel(sentinels, name, access, Access.OPEN, NodeMap.NONE));
    }

    private static NodeAddress address(RedisServer server) {
        return new NodeAddress("127.0.0.1", server.port());
    }
}
