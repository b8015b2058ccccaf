package io.keysweep.server.audit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
    private final AuditSigner signer;
    private final InstantSource clock;

    /**
     * Creates a store.
     *
     * @param process id of this process in the table of workers
     * @param signer seals the intents, so that nobody else can make the service sign an entry
     */
    public AuditIntents(JdbcClient jdbc, String process, AuditSigner signer, InstantSource clock) {
        this.jdbc = jdbc;
        this.process = process;
        this.signer = signer;
        this.clock = clock;
    }

    /**
     * Describes a call whose process has ended without recording it.
     *
     * @param id id of the intent
     * @param fields fields of the entry that were known; null if no process of this service has stored the intent
     */
    public record Abandoned(String id, @Nullable ObjectNode fields) {}

    /** Holds the columns of a row that say whose it is. */
    private record Owner(String id, String process) {}

    void insert(AuditCall call) {
        String content = call.json().toString();
        jdbc.sql("""
                insert into audit_intent (id, process, begun_at, content, seal)
                values (:id, :process, :now, :content, :seal)
                """)
                .param("id", call.id().toString())
                .param("process", process)
                .param("now", clock.instant().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC))
                .param("content", content)
                .param("seal", seal(call.id().toString(), content))
                .update();
    }

    void update(AuditCall call) {
        String content = call.json().toString();
        jdbc.sql("update audit_intent set content = :content, seal = :seal where id = :id")
                .param("id", call.id().toString())
                .param("content", content)
                .param("seal", seal(call.id().toString(), content))
                .update();
    }

    private String seal(String id, String content) {
        return signer.seal(id + ' ' + content);
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
        // The intents first: their processes are in the table of workers by then.
        List<Owner> intents = jdbc.sql(
                        "select id, process from audit_intent where process <> :process order by begun_at")
                .param("process", process)
                .query((row, number) -> new Owner(row.getString("id"), row.getString("process")))
                .list();
        Instant now = clock.instant();
        List<String> alive = jdbc.sql("select id, heartbeat_at, heartbeat_ms from worker")
                .query((row, number) -> row.getObject("heartbeat_at", OffsetDateTime.class)
                                .toInstant()
                                .plus(Duration.ofMillis(row.getLong("heartbeat_ms") * MISSED_HEARTBEATS))
                                .isAfter(now)
                        ? row.getString("id")
                        : "")
                .list();
        return intents.stream()
                .filter(intent -> !alive.contains(intent.process()))
                .flatMap(intent -> read(intent.id()).stream())
                .toList();
    }

    private Optional<Abandoned> read(String id) {
        return jdbc.sql("select content, seal from audit_intent where id = :id")
                .param("id", id)
                .query((row, number) -> {
                    String content = row.getString("content");
                    boolean genuine = seal(id, content).equals(row.getString("seal"));
                    return new Abandoned(id, genuine ? (ObjectNode) JSON.readTree(content) : null);
                })
                .optional();
    }
}
