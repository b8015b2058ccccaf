package io.keysweep.server.cliff;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestDatabase;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Tests that known cliffs are stored for each instance.
 *
 * <p>A cliff is a time in which far more keys expire than around it.
 */
class CliffStoreIT {

    private static final Instant TWO_O_CLOCK = Instant.parse("2026-03-01T02:00:00Z");

    private static final KnownCliff EARLY =
            new KnownCliff(TWO_O_CLOCK, TWO_O_CLOCK.plusSeconds(600), /* backlog= */ 7, /* expected= */ true);
    private static final KnownCliff LATE = new KnownCliff(
            TWO_O_CLOCK.plusSeconds(7_200), TWO_O_CLOCK.plusSeconds(7_800), /* backlog= */ 9, /* expected= */ false);

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void replace_ofTheCliffsOfAnInstance_keepsTheCliffsOfOthers(String dialect, @TempDir Path folder) {
        JdbcClient jdbc = JdbcClient.create(TestDatabase.create(dialect, folder));
        jdbc.sql("insert into project (id, name, created_at) values ('p', 'p', current_timestamp)")
                .update();
        UUID firstInstance = instance(jdbc);
        UUID secondInstance = instance(jdbc);
        CliffStore store = new CliffStore(jdbc);

        assertThat(store.find(firstInstance)).isEmpty();

        store.replace(firstInstance, List.of(LATE, EARLY));
        store.replace(secondInstance, List.of(EARLY));

        assertThat(store.find(firstInstance)).containsExactly(EARLY, LATE);

        // A cliff that is not among the new ones is no longer known.
        store.replace(firstInstance, List.of(LATE));
        assertThat(store.find(firstInstance)).containsExactly(LATE);
        assertThat(store.find(secondInstance)).containsExactly(EARLY);

        jdbc.sql("delete from instance where id = :id")
                .param("id", secondInstance)
                .update();
        assertThat(store.find(secondInstance)).as("of a removed instance").isEmpty();
    }

    /** Adds an instance, and returns its id. */
    private static UUID instance(JdbcClient jdbc) {
        UUID id = UUID.randomUUID();
        jdbc.sql("insert into instance (id, project_id, name, uri, created_at)"
                        + " values (?, 'p', ?, 'redis://h', current_timestamp)")
                .params(id, id.toString())
                .update();
        return id;
    }
}
