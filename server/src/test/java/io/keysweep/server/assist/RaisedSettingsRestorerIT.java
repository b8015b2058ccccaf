package io.keysweep.server.assist;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.server.IdleService;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Tests when the service tries again to restore the raised settings of a server, while every try fails.
 *
 * <p>Each connection throws an exception that is no connection error, as if the connector had a bug.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RaisedSettingsRestorerIT {

    private static final Duration BETWEEN_RUNS = Duration.ofSeconds(15);

    private final ManualClock clock = new ManualClock();
    private final List<String> tries = new ArrayList<>();
    private IdleService service;
    private JdbcClient jdbc;
    private RaisedSettingsRestorer restorer;

    @BeforeAll
    void start(@TempDir Path home) throws Exception {
        service = IdleService.start(home);
        jdbc = service.jdbc();
        restorer = new RaisedSettingsRestorer(
                service.bean(RaisedSettingsStore.class),
                service.bean(TransactionTemplate.class),
                service.bean(InstanceStore.class),
                new NodeConnector() {
                    @Override
                    public NodeLink open(NodeAddress address, Access access) {
                        tries.add(address.toString());
                        throw new IllegalStateException("a bug");
                    }

                    @Override
                    public NodeLink openForMessages(NodeAddress address, Access access, Consumer<String> messages) {
                        throw new UnsupportedOperationException();
                    }

                    @Override
                    public void close() {}
                },
                clock);
    }

    @AfterEach
    void removeInstances() {
        jdbc.sql("delete from instance").update();
        tries.clear();
    }

    @AfterAll
    void stop() {
        service.close();
    }

    @Test
    void server_whoseTriesFail_isTriedAfterWaitsThatGrowToFiveMinutes() {
        leaveRaised(register("gone"), "192.0.2.1:6379");

        // For half an hour, the service looks every 15 s for settings to restore.
        List<Long> secondsOfTries = new ArrayList<>();
        Instant began = clock.instant();
        while (Duration.between(began, clock.instant()).compareTo(Duration.ofMinutes(30)) < 0) {
            restorer.restoreAbandoned();
            if (!tries.isEmpty()) {
                secondsOfTries.add(Duration.between(began, clock.instant()).toSeconds());
                tries.clear();
            }
            clock.advance(BETWEEN_RUNS);
        }

        assertThat(secondsOfTries).containsExactly(0L, 15L, 45L, 105L, 225L, 465L, 765L, 1_065L, 1_365L, 1_665L);
    }

    @Test
    void unexpectedException_atOneServer_doesNotPreventTheTriesOfOthers() {
        UUID firstInstance = register("first");
        leaveRaised(firstInstance, "192.0.2.2:6379");
        leaveRaised(firstInstance, "192.0.2.3:6379");
        leaveRaised(register("second"), "192.0.2.4:6379");

        restorer.restoreAbandoned();

        assertThat(tries).containsExactlyInAnyOrder("192.0.2.2:6379", "192.0.2.3:6379", "192.0.2.4:6379");
    }

    private UUID register(String name) {
        return service.register(name, "redis://127.0.0.1:1");
    }

    /** Stores that assist has raised hz of a server from 10 to 500, and that no sweep uses the server now. */
    private void leaveRaised(UUID instanceId, String address) {
        jdbc.sql("""
                        insert into raised_settings (address, instance_id, scan_id, round, node_id, attempt, in_use,
                            deployment, run_id, since, changes)
                        values (:address, :id, :id, 1, 'n', 1, false, '127.0.0.1:1 at 127.0.0.1:1', '0f',
                            current_timestamp, 'hz 10 500')
                        """).param("address", address).param("id", instanceId).update();
    }
}
