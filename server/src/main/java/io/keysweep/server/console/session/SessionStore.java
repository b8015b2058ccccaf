package io.keysweep.server.console.session;

import io.keysweep.server.iam.CallerLookup;
import io.keysweep.server.iam.OidcPerson;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Stores the sessions of the console, that is, who is signed in. Thread-safe.
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
     * @param subject who has signed in, see {@link CallerLookup}: an access key, or a user's credential; null for a
     *     person of an OpenID Connect issuer
     * @param person the person whom the issuer has signed in; null for an access key and for a user
     * @param createdAt when the session began
     * @param seenAt approximate time of the user's last request, which can be up to 15 seconds too early; requests of
     *     pages that refresh themselves are not included
     */
    record StoredSession(@Nullable String subject, @Nullable OidcPerson person, Instant createdAt, Instant seenAt) {}

    /**
     * The maximum number of sessions of one caller, so that nobody can fill the database. If one more begins, the
     * oldest session ends.
     */
    static final int MAX_OF_CALLER = 100;

    /** Adds a session that begins now. */
    void insert(String id, String subject, Instant now) {
        // The column of access keys has a foreign key, by which the withdrawal of a key deletes its sessions.
        boolean isUser = CallerLookup.isUser(subject);
        insert(id, isUser ? null : subject, isUser ? subject : null, /* person= */ null, now);
    }

    /** Adds a session of a person of an OpenID Connect issuer that begins now. */
    void insert(String id, OidcPerson person, Instant now) {
        String text = String.join(
                "\n",
                Stream.concat(Stream.of(person.name()), person.values().stream())
                        .toList());
        insert(id, /* key= */ null, /* credential= */ null, text, now);
    }

    /**
     * Adds a session of one of three kinds of callers, and ends the oldest sessions of a caller with too many. Two of
     * the parameters {@code key}, {@code credential} and {@code person} are null.
     */
    private void insert(
            String id, @Nullable String key, @Nullable String credential, @Nullable String person, Instant now) {
        jdbc.sql("insert into console_session (id, access_key, credential, person, created_at, seen_at)"
                        + " values (:id, :key, :credential, :person, :now, :now)")
                .param("id", id)
                .param("key", key)
                .param("credential", credential)
                .param("person", person)
                .param("now", utc(now))
                .update();
        jdbc.sql("delete from console_session where id in (select id from console_session where access_key = :key"
                        + " or credential = :credential or person = :person order by created_at desc, id offset :max)")
                .param("key", key)
                .param("credential", credential)
                .param("person", person)
                .param("max", MAX_OF_CALLER)
                .update();
    }

    private static @Nullable OidcPerson person(@Nullable String text) {
        if (text == null) {
            return null;
        }
        List<String> lines = List.of(text.split("\n", -1));
        return new OidcPerson(lines.getFirst(), lines.subList(1, lines.size()));
    }

    /** Finds a session by its id. */
    Optional<StoredSession> find(String id) {
        return jdbc.sql("select coalesce(access_key, credential) as subject, person, created_at, seen_at"
                        + " from console_session where id = :id")
                .param("id", id)
                .query((row, number) -> new StoredSession(
                        row.getString("subject"),
                        person(row.getString("person")),
                        row.getObject("created_at", OffsetDateTime.class).toInstant(),
                        row.getObject("seen_at", OffsetDateTime.class).toInstant()))
                .optional();
    }

    /** Records the time of a request that prolongs the session; does nothing if the session has ended. */
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
