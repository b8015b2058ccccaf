package io.keysweep.server.request;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.retention.BatchedDelete;
import io.keysweep.server.retention.RetentionRule;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Stores for 24 hours which resource each create request with an {@code Idempotency-Key} created.
 *
 * <p>A client that got no response can therefore send the request again: the response contains the first resource, and
 * the service does not create another one. Keys of different projects are independent. Bodies are stored as a {@link
 * BodyDigest} only. Thread-safe.
 */
@Repository
public class IdempotencyStore implements RetentionRule {

    /** The time for which a client can repeat a create request. */
    static final Duration KEY_LIFETIME = Duration.ofHours(24);

    private final JdbcClient jdbc;
    private final BodyDigest digest;
    private final InstantSource clock;

    /** Creates a store in a database; the clock decides which keys have expired. */
    public IdempotencyStore(JdbcClient jdbc, BodyDigest digest, InstantSource clock) {
        this.jdbc = jdbc;
        this.digest = digest;
        this.clock = clock;
    }

    /** Describes an earlier create request: type of the resource, digest of the body, and id of the resource. */
    private record EarlierRequest(String kind, String bodyDigest, UUID resourceId) {}

    /**
     * Finds the resource that an earlier request with the same key created.
     *
     * <p>If that resource has been deleted since, this method also deletes the key, so that the client can use the key
     * for another create request.
     *
     * @param projectId id of the project of the caller
     * @param key key of the current request; null if it has none
     * @param find finds a resource by its id
     * @return the resource; empty if {@code key} is null, is new or has expired, or if the resource no longer exists
     * @throws RequestRefusedException if the key was used for a request with another body or for another type of
     *     resource
     */
    public <T> Optional<T> findEarlier(
            String projectId, @Nullable IdempotencyKey key, Function<UUID, Optional<T>> find) {
        Optional<UUID> resourceId = findResourceId(projectId, key);
        Optional<T> result = resourceId.flatMap(find);
        if (result.isEmpty()) {
            resourceId.ifPresent(this::deleteKeyOf);
        }
        return result;
    }

    /**
     * Returns the id of the resource that an earlier request with the key created; empty if there is none, or if the
     * key is null. Refuses a key that was used for another request.
     */
    private Optional<UUID> findResourceId(String projectId, @Nullable IdempotencyKey key) {
        if (key == null) {
            return Optional.empty();
        }
        Optional<EarlierRequest> result = jdbc.sql(
                        "select kind, request, made from idempotency_key where project_id = :projectId and idem_key = :key"
                                + " and created_at > :oldest")
                .param("projectId", projectId)
                .param("key", key.key())
                .param("oldest", latestExpiredCreation())
                .query((row, number) -> new EarlierRequest(
                        row.getString("kind"), row.getString("request"), row.getObject("made", UUID.class)))
                .optional();
        if (result.isPresent() && !isRepetition(result.get(), key)) {
            throw RequestRefusedException.of(
                    ErrorCode.IDEMPOTENCY_KEY_REUSED,
                    "Idempotency-Key is '" + key.key() + "', must be a new key for a different request.");
        }
        return result.map(EarlierRequest::resourceId);
    }

    /** Returns whether a request creates the same type of resource with the same body as an earlier request. */
    private boolean isRepetition(EarlierRequest earlier, IdempotencyKey key) {
        return earlier.kind().equals(key.kind()) && earlier.bodyDigest().equals(digest.of(key.body()));
    }

    /**
     * Stores which resource a create request made. Does nothing if {@code key} is null.
     *
     * <p>Must run in the transaction that creates the resource.
     *
     * @param resourceId id of the resource
     * @throws org.springframework.dao.DuplicateKeyException if another request with the same key has committed first
     */
    public void remember(String projectId, @Nullable IdempotencyKey key, UUID resourceId) {
        if (key == null) {
            return;
        }
        // An expired row with this key would make the insert fail.
        jdbc.sql("delete from idempotency_key where project_id = :projectId and idem_key = :key"
                        + " and created_at <= :oldest")
                .param("projectId", projectId)
                .param("key", key.key())
                .param("oldest", latestExpiredCreation())
                .update();
        jdbc.sql("insert into idempotency_key (project_id, idem_key, kind, request, made, created_at)"
                        + " values (:projectId, :key, :kind, :request, :made, :now)")
                .param("projectId", projectId)
                .param("key", key.key())
                .param("kind", key.kind())
                .param("request", digest.of(key.body()))
                .param("made", resourceId)
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .update();
    }

    @Override
    public String subject() {
        return "idempotency keys";
    }

    /**
     * Deletes expired keys. The parameters have no effect.
     *
     * <p>{@link #remember} does not do this, because two create requests that use expired keys again would wait for
     * each other's rows.
     */
    @Override
    public int purge(Instant before, int maxPerInstance) {
        return BatchedDelete.run(size -> jdbc.sql("""
                        delete from idempotency_key where (project_id, idem_key) in
                            (select project_id, idem_key from idempotency_key where created_at <= :oldest
                            order by created_at limit :size)
                        """)
                .param("oldest", latestExpiredCreation())
                .param("size", size)
                .update());
    }

    /** Deletes the key of a resource that no longer exists. */
    private void deleteKeyOf(UUID resourceId) {
        jdbc.sql("delete from idempotency_key where made = :made")
                .param("made", resourceId)
                .update();
    }

    /** Returns the latest creation time of an expired key. Keys that were created later are valid. */
    private OffsetDateTime latestExpiredCreation() {
        return clock.instant().minus(KEY_LIFETIME).atOffset(ZoneOffset.UTC);
    }
}
