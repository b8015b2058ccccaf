package io.keysweep.server.auditor;

import io.keysweep.server.audit.AuditCall;
import io.keysweep.server.audit.AuditIntents;
import io.keysweep.server.audit.AuditLog;
import io.keysweep.server.worker.WorkerCapacity;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.transaction.TransactionException;
import tools.jackson.databind.node.ObjectNode;

/**
 * Records the calls that other processes had begun when they were killed. The outcomes of these calls are unknown.
 * Thread-safe.
 *
 * <p>An intent is a row that says that a call has begun. If the process is killed, the intent remains. A process that
 * is frozen for some heartbeats is also treated as killed. When it continues, it adds another entry with the outcome,
 * see {@link AuditRecorder}.
 */
final class AbandonedCalls {

    private static final Logger LOG = LoggerFactory.getLogger(AbandonedCalls.class);

    private final AuditLog log;
    private final AuditIntents intents;
    private final WorkerCapacity workers;
    private final InstantSource clock;

    AbandonedCalls(AuditLog log, AuditIntents intents, WorkerCapacity workers, InstantSource clock) {
        this.log = log;
        this.intents = intents;
        this.workers = workers;
        this.clock = clock;
    }

    /**
     * Records the calls that other processes had begun when they were killed, and removes their intents. Leaves out a
     * call that another process has just recorded. Gives up an entry that the database does not accept, and logs it.
     *
     * @throws DataAccessException at the first call that cannot be recorded now, for example because the database does
     *     not answer; this call and the later ones are left for the next time
     * @throws TransactionException if no transaction can begin or commit; the calls are left as well
     */
    void write() {
        for (AuditIntents.Abandoned abandoned : intents.findAbandoned(workers::livingProcesses)) {
            ObjectNode fields = fields(abandoned);
            try {
                log.append(fields, () -> {
                    // The exception rolls the entry back, so that two processes never record the same call.
                    if (!intents.remove(abandoned.id())) {
                        throw new RecordedMeanwhileException();
                    }
                });
            } catch (RecordedMeanwhileException e) {
                LOG.debug("Another process has recorded the abandoned call {}", abandoned.id());
            } catch (DataIntegrityViolationException e) {
                // No later attempt can succeed, and this entry must not delay the others.
                LOG.error("The database does not accept an entry of the audit log; not recorded: {}", fields, e);
                intents.remove(abandoned.id());
            }
        }
    }

    /**
     * Returns the fields of the entry about an abandoned call: the fields of its intent or, if the intent is not
     * genuine, the fields of an entry {@code foreignIntent}. Logs an intent that is not genuine.
     */
    private ObjectNode fields(AuditIntents.Abandoned abandoned) {
        ObjectNode fields = abandoned.fields();
        if (fields == null) {
            LOG.error("Somebody has changed an intent of the audit log in the database: {}", abandoned.id());
            fields = AuditCall.ofService("foreignIntent", "recovery").json();
            AuditCall.addNote(fields, "An intent in the database was not stored by this service, and was removed");
        } else {
            AuditCall.addNote(
                    fields,
                    "The process ended before the call did, so its outcome is not known; the listed changes were made"
                            + " (found " + clock.instant().truncatedTo(ChronoUnit.SECONDS) + ")");
        }
        return fields;
    }
}
