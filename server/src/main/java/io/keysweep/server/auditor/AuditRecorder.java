package io.keysweep.server.auditor;

import io.keysweep.server.audit.AuditCall;
import io.keysweep.server.audit.AuditIntents;
import io.keysweep.server.audit.AuditLog;
import io.keysweep.server.error.ErrorCode;
import java.time.Instant;
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
 * Records calls in the audit log with their outcome, and keeps calls that cannot be recorded at the moment for later.
 *
 * <p>The filters {@link AuditAnswerFilter} and {@link AuditFilter} report each call; only the first report of a call is
 * used.
 *
 * <ul>
 *   <li>A call that has changed nothing is <em>harmless</em> if it was refused or if its caller is anonymous. Too many
 *       harmless calls are only counted, see {@link RefusedCallLimit}.
 *   <li>An <em>intent</em> is a row in the database that says that a call has begun. If the process is killed, another
 *       process finds the intent and records the call.
 *   <li>A <em>late</em> call could not be recorded when it ended. {@link AuditHousekeeping} makes this class write late
 *       calls.
 * </ul>
 *
 * <p>Thread-safe.
 */
final class AuditRecorder {

    private static final Logger LOG = LoggerFactory.getLogger(AuditRecorder.class);

    /**
     * The error code of a call that failed because the database does not answer. Such a call is kept for later, because
     * an attempt to record it would only wait for the database again. The status 503 does not show this, because a
     * service that is only overloaded also returns it.
     */
    private static final String DATABASE_UNAVAILABLE = ErrorCode.DATABASE_UNAVAILABLE.code();

    /** The lowest HTTP status of a refused call. */
    private static final int FIRST_REFUSED_STATUS = 400;

    /** The note of an entry about a call that another process has recorded before, without the outcome. */
    private static final String TAKEN_FOR_DEAD = "Another process had recorded this call without its outcome, because"
            + " this process gave no heartbeat for a while";

    /** The largest number of calls that are kept in memory for later. */
    private static final int MAX_LATE = 10_000;

    private final AuditLog log;
    private final AuditIntents intents;
    private final RefusedCallLimit refusedCalls;
    private final InstantSource clock;
    /** Calls to write later, the oldest first. Every access synchronizes on this object. */
    private final Deque<PendingEntry> late = new ArrayDeque<>();

    /**
     * Whether the database seems to be down. Harmless calls are then kept for later without an attempt, so that they do
     * not wait for the database. It is reset when a late call was written.
     */
    private volatile boolean unavailable;

    AuditRecorder(AuditLog log, AuditIntents intents, InstantSource clock) {
        this.log = log;
        this.intents = intents;
        this.refusedCalls = new RefusedCallLimit(clock);
        this.clock = clock;
    }

    /**
     * Holds an entry that is written now or later.
     *
     * @param fields fields of the entry
     * @param call the call if it has an intent; null otherwise. The transaction that writes the entry removes the
     *     intent
     * @param triedAt when the first attempt to write the entry began; it seemed to fail, but may have written the
     *     entry. Null before the first attempt
     */
    private record PendingEntry(
            ObjectNode fields,
            @Nullable AuditCall call,
            @Nullable Instant triedAt) {

        PendingEntry(ObjectNode fields, @Nullable AuditCall call) {
            this(fields, call, /* triedAt= */ null);
        }

        /** Returns this entry with the time at which the first attempt to write it began. */
        PendingEntry withAttempt(Instant at) {
            return new PendingEntry(fields, call, at);
        }
    }

    /**
     * Stores the intent of a call that begins. Does nothing if the caller is anonymous, if there is an intent already,
     * or if the call is recorded only if it is refused, because such calls change nothing.
     *
     * @throws DataAccessException if the intent cannot be stored; the call must then not begin
     */
    void begin(AuditCall call) {
        if (call.actorId() != null && !call.hasIntent() && !call.isRefusedOnly()) {
            call.begin(intents);
        }
    }

    /**
     * Records a call with the status of its response. Does nothing if the call was recorded before, or if it was not
     * refused and only its refusal would be recorded.
     *
     * <p>An entry that cannot be written now is kept in memory, and written later. This method then returns normally in
     * two cases: the call is harmless, or its client gets an error anyway because the database did not answer. In any
     * other case it throws, so that the client gets an error instead of the response.
     *
     * @throws DataAccessException if the entry of a call that is not harmless cannot be written now
     * @throws TransactionException if no transaction can begin or commit for such an entry
     */
    void record(AuditCall call, int status) {
        if (!call.markRecorded() || (status < FIRST_REFUSED_STATUS && call.isRefusedOnly())) {
            return;
        }

        boolean isAnonymous = call.actorId() == null;
        boolean harmless = !call.hasChanged() && (status >= FIRST_REFUSED_STATUS || isAnonymous);
        if (harmless && !refusedCalls.admits(call)) {
            removeIntent(call);
            return;
        }

        PendingEntry entry = new PendingEntry(call.json().put("status", status), call.hasIntent() ? call : null);
        boolean isDatabaseDown = DATABASE_UNAVAILABLE.equals(call.error());
        if (isDatabaseDown) {
            unavailable = true;
        }
        // While the database is down, the entry is kept without an attempt to write it.
        if (isDatabaseDown || (harmless && unavailable)) {
            keep(entry);
            return;
        }

        Instant now = clock.instant();
        try {
            write(entry);
        } catch (DataAccessException | TransactionException e) {
            unavailable = true;
            if (harmless) {
                keep(entry.withAttempt(now));
                LOG.debug("A refused call is recorded later", e);
                return;
            }
            AuditCall.addNote(
                    entry.fields(),
                    "Written late, because the log could not be written: the caller got an error instead");
            keep(entry.withAttempt(now));
            throw e;
        }
    }

    /**
     * Removes the intent of a call that is only counted. If that fails, the intent is kept until this process ends, and
     * another process then records the call without its outcome.
     */
    private void removeIntent(AuditCall call) {
        if (call.hasIntent()) {
            try {
                intents.remove(call);
            } catch (DataAccessException | TransactionException e) {
                LOG.debug("Cannot remove the intent of a refused call", e);
            }
        }
    }

    /**
     * Writes an entry, and removes the intent of its call in the same transaction.
     *
     * <p>If the intent was removed before, the call is in the log already. There are two cases:
     *
     * <ul>
     *   <li>An earlier attempt has written the entry, although it seemed to fail. Nothing more is written.
     *   <li>Another process took this process for dead and has recorded the call without its outcome. The entry is
     *       written with the outcome and a note.
     * </ul>
     */
    private void write(PendingEntry entry) {
        try {
            log.append(entry.fields(), () -> {
                if (entry.call() != null && !intents.remove(entry.call().intentId())) {
                    if (wasWritten(entry)) {
                        throw new RecordedMeanwhileException();
                    }
                    addNoteOnce(entry.fields(), TAKEN_FOR_DEAD);
                }
            });
        } catch (RecordedMeanwhileException e) {
            LOG.debug("An earlier attempt has recorded the call {}", entry.fields());
        }
    }

    /** Returns whether an earlier attempt to write the entry was successful, although it seemed to fail. */
    private boolean wasWritten(PendingEntry entry) {
        return entry.triedAt() != null
                && log.hasOutcome(
                        entry.fields().path("operation").asString(""),
                        entry.fields().path("requestId").asString(""),
                        entry.triedAt());
    }

    /** Adds a note unless an earlier attempt has added it. */
    private static void addNoteOnce(ObjectNode fields, String note) {
        if (!fields.path("note").asString("").contains(note)) {
            AuditCall.addNote(fields, note);
        }
    }

    /**
     * Keeps an entry for later. If there are too many already, logs the entry instead, which is then its only trace.
     */
    private void keep(PendingEntry entry) {
        synchronized (late) {
            if (late.size() < MAX_LATE) {
                late.addLast(entry);
            } else {
                LOG.error(
                        "The audit log already keeps {} entries that the database could not store; not recorded: {}",
                        MAX_LATE,
                        entry.fields());
            }
        }
    }

    /**
     * Writes the calls that could not be recorded before, the oldest first, until none is left. Gives up an entry that
     * the database does not accept, and logs it.
     *
     * @throws DataAccessException at the first entry that cannot be written now, for example because the database does
     *     not answer; this entry and all later entries are left for the next time
     * @throws TransactionException if no transaction can begin or commit; the entries are left as well
     */
    void writeLate() {
        while (true) {
            PendingEntry next;
            synchronized (late) {
                next = late.peekFirst();
            }
            if (next == null) {
                return;
            }
            try {
                write(next);
            } catch (DataIntegrityViolationException e) {
                // No later attempt can succeed, and this entry must not delay the others.
                LOG.error("The database does not accept an entry of the audit log; not recorded: {}", next.fields(), e);
            }
            synchronized (late) {
                late.pollFirst();
            }
            unavailable = false;
        }
    }

    /**
     * Records how many refused calls were not recorded one by one: one entry for each of the callers with the most such
     * calls, and one for all other callers. Does nothing if the minute of the {@link RefusedCallLimit} is not over,
     * unless {@code evenIfMinuteNotOver} is true. Keeps an entry that cannot be written now for later.
     *
     * @param evenIfMinuteNotOver whether to record the calls although the minute may not be over yet
     */
    void writeOmitted(boolean evenIfMinuteNotOver) {
        List<RefusedCallLimit.Omitted> omitted = refusedCalls.drain(evenIfMinuteNotOver);
        for (RefusedCallLimit.Omitted calls : omitted) {
            AuditCall call =
                    new AuditCall(/* requestId= */ null, calls.address(), "refusedCalls", /* resource= */ null);
            if (calls.key() != null) {
                call.by(calls.kind(), calls.key(), /* project= */ null);
            }
            String note = calls.calls() + " more refused calls "
                    + (calls.key() == null && calls.address() == null ? "of other callers " : "")
                    + "since " + calls.since().truncatedTo(ChronoUnit.SECONDS) + " are not recorded singly";
            PendingEntry entry = new PendingEntry(call.json().put("note", note), /* call= */ null);
            try {
                write(entry);
            } catch (DataAccessException | TransactionException e) {
                keep(entry);
            }
        }
    }
}
