package io.keysweep.server.console;

import io.keysweep.server.iam.CallerLookup;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Stores the sessions of the console, that is, which person is signed in. Thread-safe.
 *
 * <p>The id of a session is the hash of its cookie, see {@link Sessions}. When an access key is withdrawn, the database
 * deletes its sessions.
 */
@Repository
class SessionStore {

    private final JdbcClient jdbc;

    SessionStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Describes a session.
     *
     * @param subject who has signed in, see {@link CallerLookup}: an access key, or a user's credential
     * @param createdAt when the person has signed in
     * @param seenAt about when the person has sent the last request; up to 15 seconds too early
     */
    record Session(String subject, Instant createdAt, Instant seenAt) {}

    /** Adds a session that begins now. */
    void insert(String id, String subject, Instant now) {
        // The column of access keys has a foreign key, by which the withdrawal of a key deletes its sessions.
        boolean isUser = CallerLookup.isUser(subject);
        jdbc.sql("insert into console_session (id, access_key, credential, created_at, seen_at)"
                        + " values (:id, :key, :credential, :now, :now)")
                .param("id", id)
                .param("key", isUser ? null : subject)
                .param("credential", isUser ? subject : null)
                .param("now", utc(now))
                .update();
    }

    Optional<Session> find(String id) {
        return jdbc.sql(
                        "select coalesce(access_key, credential) as subject, created_at, seen_at from console_session where id = :id")
                .param("id", id)
                .query((row, number) -> new Session(
                        row.getString("subject"),
                        row.getObject("created_at", OffsetDateTime.class).toInstant(),
                        row.getObject("seen_at", OffsetDateTime.class).toInstant()))
                .optional();
    }

    /** Records that the person was seen; does nothing if the session has ended. */
    void recordSeen(String id, Instant now) {
        jdbc.sql("update console_session set seen_at = :now where id = :id")
                .param("now", utc(now))
                .param("id", id)
                .update();
    }

    /** Ends a session; does nothing if it does not exist. */
    void remove(String id) {
        jdbc.sql("delete from console_session where id = :id").param("id", id).update();
    }

    /** Deletes all sessions that were created before {@code createdBefore} or last seen before {@code seenBefore}. */
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
