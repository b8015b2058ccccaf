package io.keysweep.server.auditor;

import io.keysweep.server.audit.AuditCall;
import io.keysweep.server.audit.AuditIntents;
import io.keysweep.server.audit.AuditLog;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.transaction.TransactionException;
import tools.jackson.databind.node.ObjectNode;

/**
 * Records each call once, with its outcome, and keeps calls that cannot be recorded at the moment for later.
 *
 * <p>Thread-safe.
 */
final class AuditRecorder {

    private static final Logger LOG = LoggerFactory.getLogger(AuditRecorder.class);

    /** The status of calls that the database refuses, so that recording them at once would only wait for it again. */
    private static final int UNAVAILABLE = 503;

    private static final int REFUSED = 400;
    private static final int MAX_LATE = 10_000;

    private final AuditLog log;
    private final AuditIntents intents;
    private final RefusalBrake brake;
    private final InstantSource clock;
    private final Deque<Late> late = new ArrayDeque<>();

    AuditRecorder(AuditLog log, AuditIntents intents, InstantSource clock) {
        this.log = log;
        this.intents = intents;
        this.brake = new RefusalBrake(clock);
        this.clock = clock;
    }

    /** Holds the fields of a call that is not recorded yet, and the call if its intent must be removed. */
    private record Late(ObjectNode fields, @Nullable AuditCall call) {}

    /** Stores that a call of an authenticated caller begins. */
    void begin(AuditCall call) {
        if (call.actorId() != null && !call.hasIntent()) {
            call.begin(intents);
        }
    }

    /**
     * Records a call with the status of its response; does nothing if the call is recorded already.
     *
     * @throws DataAccessException if the entry cannot be written now; it is then written later
     * @throws TransactionException if no transaction can begin
     */
    void record(AuditCall call, int status) {
        if (!call.markRecorded()) {
            return;
        }
        if (status >= REFUSED && !call.hasChanged() && !brake.admits(call)) {
            if (call.hasIntent()) {
                intents.remove(call);
            }
            return;
        }
        ObjectNode fields = call.json().put("status", status);
        Late entry = new Late(fields, call.hasIntent() ? call : null);
        if (status == UNAVAILABLE) {
            keep(entry);
            return;
        }
        try {
            write(entry);
        } catch (DataAccessException | TransactionException e) {
            fields.put("note", "Written late, because the log could not be written: the caller got an error instead");
            keep(entry);
            throw e;
        }
    }

    private void write(Late entry) {
        log.append(entry.fields(), () -> {
            if (entry.call() != null) {
                intents.remove(entry.call());
            }
        });
    }

    private void keep(Late entry) {
        synchronized (late) {
            if (late.size() < MAX_LATE) {
                late.addLast(entry);
            } else {
                LOG.error("The audit log has too many late entries; not recorded: {}", entry.fields());
            }
        }
    }

    /** Writes the calls that could not be recorded before. Stops at the first failure. */
    void writeLate() {
        while (true) {
            Late next;
            synchronized (late) {
                next = late.peekFirst();
            }
            if (next == null) {
                return;
            }
            try {
                write(next);
            } catch (DataIntegrityViolationException e) {
                // No later attempt can succeed, and this entry must not hold up the others.
                LOG.error("The audit log cannot store an entry; not recorded: {}", next.fields(), e);
            }
            synchronized (late) {
                late.pollFirst();
            }
        }
    }

    /**
     * Records how many refused calls were not recorded singly.
     *
     * @param now whether to do so before the minute is over
     */
    void writeOmitted(boolean now) {
        List<RefusalBrake.Omitted> omitted = brake.drain(now);
        for (RefusalBrake.Omitted calls : omitted) {
            AuditCall call = new AuditCall(null, calls.address(), "refusedCalls", null);
            if (calls.key() != null) {
                call.by("access-key", calls.key(), null);
            }
            String note = calls.calls() + " more refused calls "
                    + (calls.key() == null && calls.address() == null ? "of other addresses " : "")
                    + "since " + calls.since().truncatedTo(ChronoUnit.SECONDS) + " are not recorded singly";
            Late entry = new Late(call.json().put("note", note), null);
            try {
                write(entry);
            } catch (DataAccessException | TransactionException e) {
                keep(entry);
            }
        }
    }

    /** Records the calls that processes had begun when they were killed. */
    void writeAbandoned() {
        for (AuditIntents.Abandoned abandoned : intents.abandoned()) {
            ObjectNode fields = abandoned
                    .fields()
                    .put(
                            "note",
                            "The process ended before the call did, so its outcome is not known; the listed changes were"
                                    + " made (found " + clock.instant().truncatedTo(ChronoUnit.SECONDS) + ")");
            log.append(fields, () -> {
                if (!intents.remove(abandoned.id())) {
                    throw new RecordedMeanwhileException();
                }
            });
        }
    }

    /** Reports that another process has just recorded an abandoned call, so that this one must not. */
    static final class RecordedMeanwhileException extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }
}
