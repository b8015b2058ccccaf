package io.keysweep.server.console;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Stores the sessions of the console; the database deletes those of a withdrawn access key. */
@Repository
class SessionStore {

    private final JdbcClient jdbc;

    SessionStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Describes a session.
     *
     * @param accessKey the access key with which a person has signed in
     * @param createdAt when the person has signed in
     * @param seenAt about when the person has sent the last request
     */
    record Session(String accessKey, Instant createdAt, Instant seenAt) {}

    void insert(String id, String accessKey, Instant now) {
        jdbc.sql("insert into console_session (id, access_key, created_at, seen_at) values (:id, :key, :now, :now)")
                .param("id", id)
                .param("key", accessKey)
                .param("now", utc(now))
                .update();
    }

    Optional<Session> find(String id) {
        return jdbc.sql("select access_key, created_at, seen_at from console_session where id = :id")
                .param("id", id)
                .query((row, number) -> new Session(
                        row.getString("access_key"),
                        row.getObject("created_at", OffsetDateTime.class).toInstant(),
                        row.getObject("seen_at", OffsetDateTime.class).toInstant()))
                .optional();
    }

    void recordSeen(String id, Instant now) {
        jdbc.sql("update console_session set seen_at = :now where id = :id")
                .param("now", utc(now))
                .param("id", id)
                .update();
    }

    void remove(String id) {
        jdbc.sql("delete from console_session where id = :id").param("id", id).update();
    }

    /** Deletes all sessions that were created or last seen before certain times. */
    void removeEnded(Instant createdBefore, Instant seenBefore) {
        jdbc.sql("delete from console_session where created_at < :created or seen_at < :seen")
                .param("created", utc(createdBefore))
                .param("seen", utc(seenBefore))
                .update();
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
