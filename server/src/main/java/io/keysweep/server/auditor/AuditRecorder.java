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

    /** Whether the last attempt to write has failed, so that refused calls need not try and wait. */
    private volatile boolean unavailable;

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
        if (call.actorId() != null && !call.hasIntent() && !call.isRefusedOnly()) {
            call.begin(intents);
        }
    }

    /**
     * Records a call with the status of its response; does nothing if the call is recorded already.
     *
     * <p>A refused call that has changed nothing is written later if it cannot be written now.
     *
     * @throws DataAccessException if the entry of another call cannot be written now; it is then written later
     * @throws TransactionException if no transaction can begin
     */
    void record(AuditCall call, int status) {
        if (!call.markRecorded() || (status < REFUSED && call.isRefusedOnly())) {
            return;
        }
        boolean harmless = !call.hasChanged() && (status >= REFUSED || call.actorId() == null);
        if (harmless && !brake.admits(call)) {
            forget(call);
            return;
        }
        Late entry = new Late(call.json().put("status", status), call.hasIntent() ? call : null);
        if (status == UNAVAILABLE) {
            unavailable = true;
        }
        if (status == UNAVAILABLE || (harmless && unavailable)) {
            keep(entry);
            return;
        }
        try {
            write(entry);
        } catch (DataAccessException | TransactionException e) {
            unavailable = true;
            if (harmless) {
                keep(entry);
                LOG.debug("A refused call is recorded later", e);
                return;
            }
            AuditCall.addNote(
                    entry.fields(),
                    "Written late, because the log could not be written: the caller got an error instead");
            keep(entry);
            throw e;
        }
    }

    /** Removes the intent of a call that is only counted. If that fails, the call is recorded without its outcome. */
    private void forget(AuditCall call) {
        if (call.hasIntent()) {
            try {
                intents.remove(call);
            } catch (DataAccessException | TransactionException e) {
                LOG.debug("Cannot remove the intent of a refused call", e);
            }
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
            unavailable = false;
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
                    + (calls.key() == null && calls.address() == null ? "of other callers " : "")
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
            log.append(fields(abandoned), () -> {
                if (!intents.remove(abandoned.id())) {
                    throw new RecordedMeanwhileException();
                }
            });
        }
    }

    private ObjectNode fields(AuditIntents.Abandoned abandoned) {
        ObjectNode fields = abandoned.fields();
        if (fields == null) {
            LOG.error("Somebody has changed an intent of the audit log in the database: {}", abandoned.id());
            fields = new AuditCall(null, null, "foreignIntent", null)
                    .by("service", "recovery", null)
                    .json();
            AuditCall.addNote(fields, "An intent in the database was not stored by this service, and was removed");
        } else {
            AuditCall.addNote(
                    fields,
                    "The process ended before the call did, so its outcome is not known; the listed changes were made"
                            + " (found " + clock.instant().truncatedTo(ChronoUnit.SECONDS) + ")");
        }
        return fields;
    }

    /** Reports that another process has just recorded an abandoned call, so that this one must not. */
    static final class RecordedMeanwhileException extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }
}
