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
 * <p>All processes of the service write one chain: the row of {@code audit_head} is locked from the choice of the
 * sequence number to the commit. An entry is the last statement of a short transaction, so no process waits for long.
 * Thread-safe.
 */
public final class AuditLog {

    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** The longest time that a thread waits for others of this process, so that a hanging database stops only few. */
    private static final int MAX_WAIT_SECONDS = 10;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final AuditSigner signer;
    private final AuditSink sink;
    private final InstantSource clock;

    /** Keeps threads of this process from waiting in the database, each with a connection. */
    private final ReentrantLock order = new ReentrantLock();

    private final AtomicReference<Head> newest = new AtomicReference<>(Head.NONE);
    private final AtomicReference<@Nullable Removed> removed = new AtomicReference<>();

    /** Names the newest entry of the chain. */
    record Head(long sequence, String hash) {

        private static final Head NONE = new Head(0, AuditLine.NO_HASH);

        /** Returns whether entries were removed or replaced after a head that this process has written. */
        private boolean isCutAfter(Head written) {
            return sequence < written.sequence() || (sequence == written.sequence() && !hash.equals(written.hash()));
        }
    }

    /** Names entries that this process had written, and that were no longer there when it added the next one. */
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

    /** Adds an entry, in the present transaction if there is one. */
    public void append(ObjectNode fields) {
        append(fields, () -> {});
    }

    /**
     * Adds an entry.
     *
     * @param fields fields of the entry in their order, without sequence, time and hashes
     * @param inSameTransaction is called in the transaction of the entry
     * @throws org.springframework.dao.DataAccessException if the entry cannot be stored
     */
    public void append(ObjectNode fields, Runnable inSameTransaction) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            // The transaction may hold the lock of the head, for which a thread with the lock below may wait.
            write(fields, inSameTransaction);
            return;
        }
        exclusively(() -> {
            write(fields, inSameTransaction);
            return true;
        });
    }

    /**
     * Does work while no other thread of this process adds an entry.
     *
     * @throws CannotAcquireLockException if other threads are busy for too long
     */
    <T> T exclusively(Supplier<T> work) {
        try {
            if (!order.tryLock(MAX_WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw new CannotAcquireLockException("The audit log is busy");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotAcquireLockException("The audit log is busy", e);
        }
        try {
            return work.get();
        } finally {
            order.unlock();
        }
    }

    private void write(ObjectNode fields, Runnable inSameTransaction) {
        transaction.executeWithoutResult(status -> {
            inSameTransaction.run();
            Head head = lockHead();
            Head written = newest.get();
            Removed cut = head.isCutAfter(written)
                    ? new Removed(Math.min(head.sequence() + 1, written.sequence()), written.sequence())
                    : null;
            AuditLine line = insert(fields, head, cut);
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    if (cut != null) {
                        removed.compareAndSet(null, cut);
                    }
                    newest.updateAndGet(earlier -> cut != null || line.sequence() > earlier.sequence()
                            ? new Head(line.sequence(), line.hash())
                            : earlier);
                    sink.accept(line);
                }
            });
        });
    }

    private AuditLine insert(ObjectNode fields, Head head, @Nullable Removed cut) {
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
        // Escapes what a terminal or the database could change, such as half of a surrogate pair.
        String content = ForeignText.line(JSON.writeValueAsString(node));
        String hash = AuditLine.hashOf(content);
        AuditLine line = new AuditLine(content, hash, signer.sign(hash));
        AuditColumns columns = AuditColumns.of(JSON.readTree(content));
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
                .param("content", content)
                .param("hash", hash)
                .param("signature", line.signature())
                .update();
        jdbc.sql("update audit_head set seq = :seq, hash = :hash where id = 1")
                .param("seq", sequence)
                .param("hash", hash)
                .update();
        return line;
    }

    /** Locks the head of the chain until the transaction ends. */
    private Head lockHead() {
        return jdbc.sql("select seq, hash from audit_head where id = 1 for update")
                .query((row, number) -> new Head(row.getLong("seq"), row.getString("hash")))
                .single();
    }

    /** Returns the newest entry that this process has written; its sequence number is 0 for none. */
    Head newestWritten() {
        return newest.get();
    }

    /** Returns the first entries that this process had written and then did not find; null for none. */
    @Nullable Removed removed() {
        return removed.get();
    }
}
