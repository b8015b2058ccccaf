package io.keysweep.server.audit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Stores that a call has begun, before it changes anything, until its entry is in the audit log.
 *
 * <p>If the process is killed, another one finds the intent and adds the entry. Thread-safe.
 */
public final class AuditIntents {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** A process is dead after this many missing heartbeats, as for the list of workers. */
    private static final int MISSED_HEARTBEATS = 4;

    private final JdbcClient jdbc;
    private final String process;
    private final InstantSource clock;

    /**
     * Creates a store.
     *
     * @param process id of this process in the table of workers
     */
    public AuditIntents(JdbcClient jdbc, String process, InstantSource clock) {
        this.jdbc = jdbc;
        this.process = process;
        this.clock = clock;
    }

    /**
     * Describes a call whose process has ended without recording it.
     *
     * @param id id of the intent
     * @param fields fields of the entry that were known
     */
    public record Abandoned(String id, ObjectNode fields) {}

    /** Holds a row of the table. */
    private record Intent(String id, String process, String content) {}

    void insert(AuditCall call) {
        jdbc.sql("insert into audit_intent (id, process, begun_at, content) values (:id, :process, :now, :content)")
                .param("id", call.id().toString())
                .param("process", process)
                .param("now", clock.instant().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC))
                .param("content", call.json().toString())
                .update();
    }

    void update(AuditCall call) {
        jdbc.sql("update audit_intent set content = :content where id = :id")
                .param("id", call.id().toString())
                .param("content", call.json().toString())
                .update();
    }

    /** Removes the intent of a call that is recorded. */
    public void remove(AuditCall call) {
        remove(call.id().toString());
    }

    /** Removes an intent; returns false if it was removed before. */
    public boolean remove(String id) {
        return jdbc.sql("delete from audit_intent where id = :id")
                        .param("id", id)
                        .update()
                == 1;
    }

    /** Returns the calls of processes that have ended, the oldest first. */
    public List<Abandoned> abandoned() {
        Instant now = clock.instant();
        List<String> alive = jdbc.sql("select id, heartbeat_at, heartbeat_ms from worker")
                .query((row, number) -> row.getObject("heartbeat_at", OffsetDateTime.class)
                                .toInstant()
                                .plus(Duration.ofMillis(row.getLong("heartbeat_ms") * MISSED_HEARTBEATS))
                                .isAfter(now)
                        ? row.getString("id")
                        : "")
                .list();
        return jdbc
                .sql("select id, process, content from audit_intent where process <> :process order by begun_at")
                .param("process", process)
                .query((row, number) ->
                        new Intent(row.getString("id"), row.getString("process"), row.getString("content")))
                .list()
                .stream()
                .filter(intent -> !alive.contains(intent.process()))
                .map(intent -> new Abandoned(intent.id(), (ObjectNode) JSON.readTree(intent.content())))
                .toList();
    }
}
