package io.keysweep.server.request;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Creates that may be sent again, in SQL. */
@Repository
public class IdempotencyStore {

    /** How long a create may be sent again. */
    static final Duration KEPT = Duration.ofHours(24);

    private final JdbcClient jdbc;
    private final InstantSource clock;

    /** Over a database; {@code clock} says what is too old. */
    public IdempotencyStore(JdbcClient jdbc, InstantSource clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    private record Earlier(String kind, String request, UUID made) {}

    /**
     * What the same create has made before. Empty without a key, or if that is gone by now: then the key may name another
     * create.
     *
     * @param find finds what was made by its id
     * @throws RequestRefusedException if the key was used for another request
     */
    public <T> Optional<T> earlier(String projectId, @Nullable IdempotencyKey key, Function<UUID, Optional<T>> find) {
        Optional<UUID> made = made(projectId, key);
        Optional<T> found = made.flatMap(find);
        if (found.isEmpty()) {
            made.ifPresent(this::forget);
        }
        return found;
    }

    private Optional<UUID> made(String projectId, @Nullable IdempotencyKey key) {
        if (key == null) {
            return Optional.empty();
        }
        Optional<Earlier> found = jdbc.sql(
                        "select kind, request, made from idempotency_key where project_id = :projectId and idem_key = :key"
                                + " and created_at > :oldest")
                .param("projectId", projectId)
                .param("key", key.key())
                .param("oldest", oldest())
                .query((row, number) ->
                        new Earlier(row.getString("kind"), row.getString("request"), row.getObject("made", UUID.class)))
                .optional();
        if (found.isPresent()
                && !(found.get().kind().equals(key.kind())
                        && found.get().request().equals(key.request()))) {
            throw RequestRefusedException.of(
                    ErrorCode.IDEMPOTENCY_KEY_REUSED,
                    "Idempotency-Key is '" + key.key() + "', must be another for another request.");
        }
        return found.map(Earlier::made);
    }

    /**
     * Keeps what a create has made, in its transaction, and lets go of those that are too old. Nothing happens without a
     * key.
     *
     * @throws org.springframework.dao.DuplicateKeyException if the same key comes in at the same time
     */
    public void keep(String projectId, @Nullable IdempotencyKey key, UUID made) {
        if (key == null) {
            return;
        }
        jdbc.sql("delete from idempotency_key where created_at <= :oldest")
                .param("oldest", oldest())
                .update();
        jdbc.sql("insert into idempotency_key (project_id, idem_key, kind, request, made, created_at)"
                        + " values (:projectId, :key, :kind, :request, :made, :now)")
                .param("projectId", projectId)
                .param("key", key.key())
                .param("kind", key.kind())
                .param("request", key.request())
                .param("made", made)
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .update();
    }

    private void forget(UUID made) {
        jdbc.sql("delete from idempotency_key where made = :made")
                .param("made", made)
                .update();
    }

    private OffsetDateTime oldest() {
        return clock.instant().minus(KEPT).atOffset(ZoneOffset.UTC);
    }
}
