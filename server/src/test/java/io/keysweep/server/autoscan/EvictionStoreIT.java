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
    void save_countsOfAnInstance_replacesAllItsStoredCounts() {
        store.save(instanceId, List.of(new Evictions("a:1", "run", 5, NOW), new Evictions("b:1", "run", 6, NOW)));
        store.save(instanceId, List.of(new Evictions("a:1", "run", 7, NOW)));

        assertThat(store.find(instanceId)).containsExactly(new Evictions("a:1", "run", 7, NOW));
    }

    /** A check of the memory can begin before the instance is removed, and store its counts afterwards. */
    @Test
    void save_countsOfARemovedInstance_storesNothing() {
        jdbc.sql("delete from instance").update();

        store.save(instanceId, List.of(new Evictions("a:1", "run", 5, NOW)));

        assertThat(store.find(instanceId)).isEmpty();
    }
}
