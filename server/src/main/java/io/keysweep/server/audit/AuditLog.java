package io.keysweep.server.audit;

import io.keysweep.api.audit.AuditLine;
import io.keysweep.engine.text.ForeignText;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Adds entries to the audit log, each with the hash of the entry before.
 *
 * <p>All processes of the service write one chain of entries. Its <em>head</em>, the only row of {@code audit_head},
 * names the newest entry. A transaction that adds an entry locks the head from the choice of the sequence number to the
 * commit. Adding an entry is the last work of a short transaction, so no process waits for long.
 *
 * <p>This class also remembers the newest entry that this process has written. If an attacker removes that entry from
 * the database and changes the head accordingly, the next entry notes the loss. Thread-safe.
 */
public final class AuditLog {

    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * The longest time that a thread waits for other threads of this process that add entries. Without a limit, a
     * database that hangs would stop every thread that serves a call.
     */
    private static final int MAX_WAIT_SECONDS = 10;

    /**
     * The format of times. It always shows six decimals, unlike {@link Instant#toString}, so that all entries have one
     * form.
     */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final AuditSigner signer;
    private final AuditSink sink;
    private final InstantSource clock;

    /**
     * Lets the threads of this process add entries one after another. Without this lock, they would all wait for the
     * row of the head, each with a connection to the database.
     */
    private final ReentrantLock appendLock = new ReentrantLock();

    /** The newest entry that this process has written. */
    private final AtomicReference<Head> newest = new AtomicReference<>(Head.NONE);

    /** The first entries of this process whose loss was noticed; null for none. */
    private final AtomicReference<@Nullable Removed> removed = new AtomicReference<>();

    /** Names the newest entry of the chain, or the newest of this process; the sequence number is 0 for none. */
    record Head(long sequence, String hash) {

        private static final Head NONE = new Head(/* sequence= */ 0, AuditLine.NO_HASH);

        /**
         * Returns whether entries that this process has written were removed or replaced.
         *
         * @param written the newest entry that this process has written, which the chain must still have
         */
        private boolean isCutAfter(Head written) {
            // If other processes have added entries since, this head does not show whether the chain was changed.
            return sequence < written.sequence() || (sequence == written.sequence() && !hash.equals(written.hash()));
        }
    }

    /**
     * Names entries that this process had written, and that somebody removed or replaced before this process added its
     * next entry.
     *
     * @param from sequence number of the first of them
     * @param through sequence number of the last of them
     */
    record Removed(long from, long through) {}

    /**
     * Creates a log in a database.
     *
     * @param sink receives the entries after their commit
     */
    public AuditLog(
            JdbcClient jdbc, TransactionTemplate transaction, AuditSigner signer, AuditSink sink, InstantSource clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.signer = signer;
        this.sink = sink;
        this.clock = clock;
    }

    /** Adds an entry like {@link #append(ObjectNode, Runnable)}, without other work in the transaction. */
    public void append(ObjectNode fields) {
        append(fields, () -> {});
    }

    /**
     * Adds an entry in the current transaction, or in a new transaction if there is none. Waits for other threads and
     * processes that add entries. The sink receives the entry after the commit.
     *
     * @param fields fields of the entry in their order, without sequence, time and hashes
     * @param inSameTransaction work for the transaction of the entry, done before the entry is added; an exception of
     *     it rolls the transaction back
     * @throws org.springframework.dao.DataAccessException if the entry cannot be stored, or if other threads of this
     *     process are busy for 10 s
     * @throws org.springframework.transaction.TransactionException if no transaction can begin or commit
     */
    public void append(ObjectNode fields, Runnable inSameTransaction) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            // Waiting for the lock here could cause a deadlock: the current transaction may have locked the head, and
            // the thread that has the lock may wait for the head.
            write(fields, inSameTransaction);
            return;
        }
        exclusively(() -> {
            write(fields, inSameTransaction);
            return true;
        });
    }

    /**
     * Does work while no other thread of this process adds an entry. A thread that adds an entry in a transaction that
     * it had begun before does not wait for this lock.
     *
     * @throws CannotAcquireLockException if other threads are busy for 10 s, or if this thread is interrupted
     */
    <T> T exclusively(Supplier<T> work) {
        try {
            if (!appendLock.tryLock(MAX_WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw new CannotAcquireLockException(
                        "Other threads have kept the audit log busy for " + MAX_WAIT_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotAcquireLockException("The wait for the audit log was interrupted", e);
        }
        try {
            return work.get();
        } finally {
            appendLock.unlock();
        }
    }

    /**
     * Returns whether the log has an entry with the outcome of a request. The entry of an abandoned call, whose process
     * was killed, has no outcome.
     *
     * @param operation name of the operation that the request has called
     * @param requestId id of the request
     * @param since only entries of this time or later
     */
    public boolean hasOutcome(String operation, String requestId, Instant since) {
        return jdbc
                .sql("select content from audit_entry where operation = :operation and written_at >= :since"
                        + " and status is not null")
                .param("operation", operation)
                .param("since", since.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC))
                .query(String.class)
                .list()
                .stream()
                .anyMatch(content ->
                        JSON.readTree(content).path("requestId").asString("").equals(requestId));
    }

    /** Adds an entry, and notes it as the newest after the commit; see {@link #append(ObjectNode, Runnable)}. */
    private void write(ObjectNode fields, Runnable inSameTransaction) {
        transaction.executeWithoutResult(status -> {
            // This work precedes the lock of the head, so that other processes do not wait for it.
            inSameTransaction.run();

            Head head = lockHead();
            Head newestOfProcess = newest.get();
            Removed cut = head.isCutAfter(newestOfProcess)
                    ? new Removed(Math.min(head.sequence() + 1, newestOfProcess.sequence()), newestOfProcess.sequence())
                    : null;
            AuditLine line = insert(fields, head, cut);

            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    if (cut != null) {
                        // The first loss is kept, because it is where the verification begins to differ.
                        removed.compareAndSet(/* expectedValue= */ null, cut);
                    }
                    // An entry of a caller's transaction is added without the lock, so this method can be called for a
                    // newer entry first. After a cut, the numbers begin again at a lower number.
                    newest.updateAndGet(earlier -> cut != null || line.sequence() > earlier.sequence()
                            ? new Head(line.sequence(), line.hash())
                            : earlier);
                    sink.accept(line);
                }
            });
        });
    }

    /**
     * Inserts the entry that follows the head, and makes it the head.
     *
     * @param cut entries whose loss the entry notes; null for none
     */
    private AuditLine insert(ObjectNode fields, Head head, @Nullable Removed cut) {
        // The content of the entry has the hash of the entry before as its last field.
        long sequence = head.sequence() + 1;
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        ObjectNode node = JSON.createObjectNode().put("sequence", sequence).put("time", TIME.format(now));
        node.setAll(fields);
        if (cut != null) {
            String problem = "the entries " + cut.from() + " to " + cut.through()
                    + ", which this process had written before, were removed or replaced";
            LOG.error("Somebody has changed the audit log in the database: {}", problem);
            AuditCall.addNote(node, problem);
        }
        node.put("previous", head.hash());
        // ForeignText escapes what a terminal or the database could change, such as half of a surrogate pair.
        String content = ForeignText.line(JSON.writeValueAsString(node));
        String hash = AuditLine.hashOf(content);
        AuditLine line = new AuditLine(content, hash, signer.sign(hash));

        // The columns are read from the stored content, as the verifier reads them, so that both find the same values.
        AuditColumns columns = AuditColumns.of(JSON.readTree(content));
        insertRow(line, sequence, now, columns);
        jdbc.sql("update audit_head set seq = :seq, hash = :hash where id = 1")
                .param("seq", sequence)
                .param("hash", hash)
                .update();
        return line;
    }

    /** Inserts the row of an entry, with the columns by which entries are found. */
    private void insertRow(AuditLine line, long sequence, Instant now, AuditColumns columns) {
        jdbc.sql("""
                insert into audit_entry (seq, written_at, actor, actor_project, operation, permission, resource_kind,
                    resource_id, resource_project, status, content, hash, signature)
                values (:seq, :at, :actor, :actorProject, :operation, :permission, :kind, :id, :project, :status,
                    :content, :hash, :signature)
                """)
                .param("seq", sequence)
                .param("at", now.atOffset(ZoneOffset.UTC))
                .param("actor", columns.actor())
                .param("actorProject", columns.actorProject())
                .param("operation", columns.operation())
                .param("permission", columns.permission())
                .param("kind", columns.resourceKind())
                .param("id", columns.resourceId())
                .param("project", columns.resourceProject())
                .param("status", columns.status())
                .param("content", line.content())
                .param("hash", line.hash())
                .param("signature", line.signature())
                .update();
    }

    /** Locks the head of the chain until the transaction ends. */
    Head lockHead() {
        return jdbc.sql("select seq, hash from audit_head where id = 1 for update")
                .query((row, number) -> new Head(row.getLong("seq"), row.getString("hash")))
                .single();
    }

    /** Returns the newest entry that this process has written; its sequence number is 0 for none. */
    Head newestWritten() {
        return newest.get();
    }

    /** Returns the first entries that this process had written and then found removed or replaced; null for none. */
    @Nullable Removed removed() {
        return removed.get();
    }
}
