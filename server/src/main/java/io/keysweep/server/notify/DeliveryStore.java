package io.keysweep.server.notify;

import io.keysweep.server.notify.Delivery.DeliveryState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Stores deliveries in the table {@code webhook_delivery}.
 *
 * <p>A delivery brings one notice about an event to one webhook, by one attempt or several. A round is a series of
 * attempts; a user can start another round (a redelivery). The pending deliveries form the outbox: the notices that
 * must still be sent. Thread-safe.
 */
@Repository
class DeliveryStore {

    private final JdbcClient jdbc;

    DeliveryStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Adds a delivery in any state. */
    void insert(Delivery delivery) {
        bindResult(jdbc.sql("""
                insert into webhook_delivery (id, webhook_id, type, body, state, round, attempts, created_at, next_at,
                    attempted_at, status, error, finished_at)
                values (:id, :webhookId, :type, :body, :state, :round, :attempts, :createdAt, :nextAt, :attemptedAt,
                    :status, :error, :finishedAt)
                """), delivery)
                .param("webhookId", delivery.webhookId())
                .param("type", delivery.type())
                .param("body", delivery.body())
                .param("createdAt", utc(delivery.createdAt()))
                .update();
    }

    /** Returns the delivery with this id, of any webhook; empty if there is none. */
    Optional<Delivery> find(UUID id) {
        return jdbc.sql("select * from webhook_delivery where id = :id")
                .param("id", id)
                .query((row, number) -> readDelivery(row))
                .optional();
    }

    /**
     * Returns a page of the deliveries to a webhook, the newest first. Deliveries of the same moment are ordered by
     * their ids, so that two pages overlap only if deliveries were added in between.
     *
     * @param state only deliveries in this state, or null for all
     * @param offset number of deliveries to skip
     * @param limit maximum number of deliveries
     */
    List<Delivery> list(UUID webhookId, @Nullable DeliveryState state, int offset, int limit) {
        return jdbc.sql("select * from webhook_delivery where webhook_id = :webhookId"
                        + (state == null ? "" : " and state = :state")
                        + " order by created_at desc, id limit :limit offset :offset")
                .param("webhookId", webhookId)
                .param("state", state == null ? null : state.wireName())
                .param("limit", limit)
                .param("offset", offset)
                .query((row, number) -> readDelivery(row))
                .list();
    }

    /**
     * Saves the result of an attempt. Does nothing if the same attempt was saved before, or if a redelivery has started
     * another round of attempts in the meantime.
     *
     * @param delivery the delivery after the attempt, which {@link Delivery#afterAttempt} returns
     */
    void saveAttempt(Delivery delivery) {
        // The conditions on round and attempts find the delivery as it was before this attempt.
        bindResult(
                        jdbc.sql("update webhook_delivery set state = :state, attempts = :attempts, next_at = :nextAt,"
                                + " attempted_at = :attemptedAt, status = :status, error = :error,"
                                + " finished_at = :finishedAt where id = :id and state = :pending"
                                + " and round = :round and attempts = :before"),
                        delivery)
                .param("pending", DeliveryState.PENDING.wireName())
                .param("before", delivery.attempts() - 1)
                .update();
    }

    /**
     * Makes a delivery pending again, with a new round of attempts that is due now. The result of the last attempt is
     * kept until the next attempt has ended. Does nothing if the delivery does not exist.
     */
    void startRound(UUID id, Instant now) {
        jdbc.sql("update webhook_delivery set state = :pending, round = round + 1, attempts = 0, next_at = :now,"
                        + " finished_at = null where id = :id")
                .param("id", id)
                .param("pending", DeliveryState.PENDING.wireName())
                .param("now", utc(now))
                .update();
    }

    /** Sets the parameters for the id of a delivery and for all columns that an attempt changes. */
    private static JdbcClient.StatementSpec bindResult(JdbcClient.StatementSpec statement, Delivery delivery) {
        return statement
                .param("id", delivery.id())
                .param("state", delivery.state().wireName())
                .param("round", delivery.round())
                .param("attempts", delivery.attempts())
                .param("nextAt", utc(delivery.nextAt()))
                .param("attemptedAt", utc(delivery.attemptedAt()))
                .param("status", delivery.status())
                .param("error", delivery.error())
                .param("finishedAt", utc(delivery.finishedAt()));
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static Delivery readDelivery(ResultSet row) throws SQLException {
        return new Delivery(
                row.getObject("id", UUID.class),
                row.getObject("webhook_id", UUID.class),
                row.getString("type"),
                row.getString("body"),
                DeliveryState.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                row.getInt("round"),
                row.getInt("attempts"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                instant(row, "next_at"),
                instant(row, "attempted_at"),
                row.getObject("status", Integer.class),
                row.getString("error"),
                instant(row, "finished_at"));
    }
}
