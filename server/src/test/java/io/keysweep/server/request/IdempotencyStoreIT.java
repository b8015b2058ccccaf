package io.keysweep.server.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.server.TestDatabase;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Tests the store of idempotency keys on both databases.
 *
 * <p>A client sends such a key with a create request, so that a repeated request creates nothing more.
 */
class IdempotencyStoreIT {

    private static final IdempotencyKey KEY = new IdempotencyKey("k", "scan", "digest");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void key_stored_lastsOneDayAndBelongsToItsProject(String dialect) {
        DataSource dataSource = dialect.equals("h2") ? TestDatabase.h2(folder) : TestDatabase.postgres();
        JdbcClient jdbc = JdbcClient.create(dataSource);
        jdbc.sql("insert into project (id, name, created_at) values ('p', 'p', current_timestamp)")
                .update();
        ManualClock clock = new ManualClock();
        IdempotencyStore keys = new IdempotencyStore(jdbc, text -> text, clock);
        UUID made = UUID.randomUUID();

        assertThat(keys.findEarlier("p", null, Optional::of)).isEmpty();
        keys.remember("p", null, made);
        keys.remember("p", KEY, made);
        assertThatThrownBy(() -> keys.remember("p", KEY, made)).isInstanceOf(DuplicateKeyException.class);
        clock.advance(IdempotencyStore.KEY_LIFETIME.minusMillis(1));
        assertThat(keys.findEarlier("p", KEY, Optional::of)).contains(made);
        assertThat(keys.findEarlier("other", KEY, Optional::of)).isEmpty();
        for (IdempotencyKey other : new IdempotencyKey[] {
            new IdempotencyKey("k", "scan", "x"), new IdempotencyKey("k", "instance", "digest")
        }) {
            assertThatThrownBy(() -> keys.findEarlier("p", other, Optional::of))
                    .isInstanceOf(RequestRefusedException.class)
                    .hasMessageContaining("Idempotency-Key is 'k', must be a new key for a different request");
        }

        clock.advance(Duration.ofMillis(1));
        assertThat(keys.findEarlier("p", KEY, Optional::of)).isEmpty();
        keys.remember("p", KEY, made);
        assertThat(keys.findEarlier("p", KEY, Optional::of)).contains(made);
        // The resource no longer exists, so the store deletes the key and a client can use it again.
        assertThat(keys.<UUID>findEarlier("p", KEY, id -> Optional.empty())).isEmpty();
        assertThat(keys.findEarlier("p", KEY, Optional::of)).isEmpty();
    }
}
