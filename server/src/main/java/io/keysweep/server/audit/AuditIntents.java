package io.keysweep.server.audit;

import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Stores the intent of each call, a row that says that the call has begun, until its entry is in the audit log.
 *
 * <p>An intent is stored before its call changes anything. If the process is killed, another process finds the intent
 * and adds the entry. Thread-safe.
 *
 * <p>All methods throw {@link org.springframework.dao.DataAccessException} if the database does not answer.
 */
public final class AuditIntents {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final JdbcClient jdbc;
    private final String process;
    private final AuditSigner signer;
    private final InstantSource clock;

    /**
     * Creates a store.
     *
     * @param process id of this process in the table of workers; a process has another id after each start
     * @param signer seals the intents. Without the seal, an attacker who writes to the table could make the service
     *     sign an entry about a call that never was
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
     * @param fields fields of the entry that were known; null if the seal is wrong, because no process of this service
     *     has stored the intent
     */
    public record Abandoned(String id, @Nullable ObjectNode fields) {}

    /** Names an intent and the process that has stored it. */
    private record StoredIntent(String id, String process) {}

    /** Stores the intent of a call that begins. */
    void insert(AuditCall call) {
        String content = call.json().toString();
        jdbc.sql("""
                insert into audit_intent (id, process, begun_at, content, seal)
                values (:id, :process, :now, :content, :seal)
                """)
                .param("id", call.intentId())
                .param("process", process)
                .param("now", clock.instant().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC))
                .param("content", content)
                .param("seal", seal(call.intentId(), content))
                .update();
    }

    /**
     * Replaces the content of a call's intent, in the current transaction if there is one. Does nothing if the intent
     * was removed.
     */
    void update(AuditCall call) {
        String content = call.json().toString();
        jdbc.sql("update audit_intent set content = :content, seal = :seal where id = :id")
                .param("id", call.intentId())
                .param("content", content)
                .param("seal", seal(call.intentId(), content))
                .update();
    }

    /** Returns the seal of an intent. It covers the id, so that no content can be copied to another intent. */
    private String seal(String id, String content) {
        return signer.seal(id + ' ' + content);
    }

    /** Removes the intent of a call; does nothing if it was removed before. */
    public void remove(AuditCall call) {
        remove(call.intentId());
    }

    /** Removes an intent; returns false if it was removed before. */
    public boolean remove(String id) {
        return jdbc.sql("delete from audit_intent where id = :id")
                        .param("id", id)
                        .update()
                == 1;
    }

    /**
     * Returns the calls of other processes that are not alive, the earliest call first. A process is treated as dead if
     * it gives no heartbeats, even if it is only cut off from the database or is frozen.
     *
     * @param livingProcesses reads the ids of the processes that are alive; called after the intents were read
     */
    public List<Abandoned> findAbandoned(Supplier<Set<String>> livingProcesses) {
        // The intents must be read before the living processes. Otherwise a process that starts between the two queries
        // would have intents and seem to be dead.
        List<StoredIntent> intents = jdbc.sql(
                        "select id, process from audit_intent where process <> :process order by begun_at")
                .param("process", process)
                .query((row, number) -> new StoredIntent(row.getString("id"), row.getString("process")))
                .list();
        Set<String> alive = livingProcesses.get();
        return intents.stream()
                .filter(intent -> !alive.contains(intent.process()))
                .flatMap(intent -> read(intent.id()).stream())
                .toList();
    }

    /** Reads an intent and checks its seal; empty if the intent was removed in the meantime. */
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
