package io.keysweep.server.autoscan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestDatabase;
import io.keysweep.server.autoscan.EvictionStore.Evictions;
import io.keysweep.server.iam.MasterKey;
import io.keysweep.server.iam.SecretBox;
import io.keysweep.server.instance.InstanceStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Tests that new counts of evictions replace the stored ones, and that a removed instance gets none. */
@ParameterizedClass
@ValueSource(strings = {"h2", "postgresql"})
class EvictionStoreIT {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    private final String dialect;
    private final UUID instanceId = UUID.randomUUID();
    private JdbcClient jdbc;
    private EvictionStore store;

    EvictionStoreIT(String dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        jdbc = JdbcClient.create(TestDatabase.create(dialect, folder));
        store = new EvictionStore(
                jdbc, new InstanceStore(jdbc, new SecretBox(MasterKey.of(new byte[32])), event -> {}));
        jdbc.sql("insert into project (id, name, created_at) values ('p', 'p', current_timestamp)")
                .update();
        jdbc.sql("insert into instance (id, project_id, name, uri, created_at)"
                        + " values (?, 'p', 'i', 'redis://h', current_timestamp)")
                .param(instanceId)
                .update();
    }

    @Test
    void save_ofCountsOfAnInstance_replacesAllItsStoredCounts() {
        store.save(instanceId, List.of(evictions("a:1", /* evictedKeys= */ 5), evictions("b:1", /* evictedKeys= */ 6)));
        store.save(instanceId, List.of(evictions("a:1", /* evictedKeys= */ 7)));

        assertThat(store.find(instanceId)).containsExactly(evictions("a:1", /* evictedKeys= */ 7));
    }

    /** A check of the memory can begin before the instance is removed, and store its counts afterwards. */
    @Test
    void save_ofCountsOfARemovedInstance_storesNothing() {
        jdbc.sql("delete from instance").update();

        store.save(instanceId, List.of(evictions("a:1", /* evictedKeys= */ 5)));

        assertThat(store.find(instanceId)).isEmpty();
    }

    /** Returns the count of a server that was read now. */
    private static Evictions evictions(String nodeId, long evictedKeys) {
        return new Evictions(nodeId, "run", evictedKeys, NOW);
    }
}
