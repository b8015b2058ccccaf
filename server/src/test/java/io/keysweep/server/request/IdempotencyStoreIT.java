package io.keysweep.server.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.server.TestDatabase;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Tests the store of idempotency keys on both databases.
 *
 * <p>A client sends such a key with a create request, so that a repeated request creates nothing more.
 */
class IdempotencyStoreIT {

    private static final IdempotencyKey KEY = new IdempotencyKey("k", "scan", "digest");

    private final ManualClock clock = new ManualClock();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void storedKey_isValidForOneDay_inItsProjectOnly(String dialect) {
        IdempotencyStore keys = store(database(dialect));
        UUID resourceId = UUID.randomUUID();

        assertThat(keys.findEarlier("p", /* key= */ null, Optional::of)).isEmpty();

        keys.remember("p", /* key= */ null, resourceId);
        keys.remember("p", KEY, resourceId);

        assertThatThrownBy(() -> keys.remember("p", KEY, resourceId)).isInstanceOf(DuplicateKeyException.class);

        // The key lasts a day, and belongs to its project and request.
        clock.advance(IdempotencyStore.KEY_LIFETIME.minusMillis(1));
        assertThat(keys.findEarlier("p", KEY, Optional::of)).contains(resourceId);
        assertThat(keys.findEarlier("other", KEY, Optional::of)).isEmpty();

        for (IdempotencyKey ofOtherRequest : new IdempotencyKey[] {
            new IdempotencyKey("k", "scan", "x"), new IdempotencyKey("k", "instance", "digest")
        }) {
            assertThatThrownBy(() -> keys.findEarlier("p", ofOtherRequest, Optional::of))
                    .isInstanceOf(RequestRefusedException.class)
                    .hasMessageContaining("Idempotency-Key is 'k', must be a new key for a different request");
        }

        // After a day, the key can be used again.
        clock.advance(Duration.ofMillis(1));
        assertThat(keys.findEarlier("p", KEY, Optional::of)).isEmpty();

        keys.remember("p", KEY, resourceId);
        assertThat(keys.findEarlier("p", KEY, Optional::of)).contains(resourceId);

        // The resource no longer exists, so the store deletes the key and a client can use it again.
        assertThat(keys.<UUID>findEarlier("p", KEY, id -> Optional.empty())).isEmpty();
        assertThat(keys.findEarlier("p", KEY, Optional::of)).isEmpty();
    }

    /** A job creates something every night, always with the same keys and all at the same time. */
    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void creates_withExpiredKeysAtTheSameTime_doNotWaitForEachOther(String dialect) {
        DataSource dataSource = database(dialect);
        IdempotencyStore keys = store(dataSource);
        IdempotencyKey otherKey = new IdempotencyKey("other", "scan", "digest");
        keys.remember("p", KEY, UUID.randomUUID());
        keys.remember("p", otherKey, UUID.randomUUID());
        clock.advance(IdempotencyStore.KEY_LIFETIME);

        // The second transaction ends while the first transaction is open.
        TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            transaction.executeWithoutResult(status -> {
                keys.remember("p", KEY, UUID.randomUUID());
                Future<?> second = threads.submit(() -> transaction.executeWithoutResult(
                        otherStatus -> keys.remember("p", otherKey, UUID.randomUUID())));

                assertThat(second).succeedsWithin(Duration.ofSeconds(30));
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void purge_deletesExpiredKeysOnly(String dialect) {
        IdempotencyStore keys = store(database(dialect));
        keys.remember("p", KEY, UUID.randomUUID());
        clock.advance(Duration.ofMillis(1));
        keys.remember("p", new IdempotencyKey("later", "scan", "digest"), UUID.randomUUID());
        clock.advance(IdempotencyStore.KEY_LIFETIME.minusMillis(1));

        assertThat(keys.purge(Instant.EPOCH, /* maxPerInstance= */ 1)).isEqualTo(1);
        assertThat(keys.purge(Instant.EPOCH, /* maxPerInstance= */ 1)).isZero();
    }

    /** Returns a database with the project {@code p}. */
    private DataSource database(String dialect) {
        DataSource dataSource = TestDatabase.create(dialect, folder);
        JdbcClient.create(dataSource)
                .sql("insert into project (id, name, created_at) values ('p', 'p', current_timestamp)")
                .update();
        return dataSource;
    }

    private IdempotencyStore store(DataSource dataSource) {
        return new IdempotencyStore(JdbcClient.create(dataSource), text -> text, clock);
    }
}
