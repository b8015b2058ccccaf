package io.keysweep.server.timeline;

import io.keysweep.engine.text.ForeignText;
import io.keysweep.server.worker.WorkerIdentity;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Adds events to the timelines of scans, which are stored in SQL. {@link TimelineReader} reads them.
 *
 * <p>A timeline contains the events of one scan: what happened, who did it, why, and from when to when. Some types of
 * events last, such as a hold (a time in which a sweep visits no keys); such an event is open until it is closed. All
 * other events happen at a moment. An event is about one primary, or about the whole scan.
 *
 * <p>A feature adds an event in the transaction of the change that the event describes, so that neither is stored
 * without the other. Methods that write therefore throw an exception if the caller has no transaction. A timeline has
 * at most {@value #MAX_EVENTS} events, and fewer for some types, see {@link EventType}. An event beyond the limit is
 * omitted, and only counted. Thread-safe.
 */
@Repository
public class Timeline {

    /** Maximum number of events of a scan. */
    static final int MAX_EVENTS = 1000;

    /**
     * If an event of the same type and kind of reason begins within this time after the end of an event, the ended
     * event is opened again. A server at its limits would otherwise add an event every second.
     */
    private static final Duration REOPENS_WITHIN = Duration.ofMinutes(1);

    /** Maximum length of the column {@code scan_event.originator} in characters. */
    private static final int MAX_ORIGINATOR_LENGTH = 120;

    /** Maximum length of the columns {@code why} and {@code detail} of {@code scan_event} in characters. */
    private static final int MAX_TEXT_LENGTH = 1000;

    private final JdbcClient jdbc;
    private final WorkerIdentity worker;

    /**
     * Describes the last event of a type at a primary.
     *
     * @param id id of the row in {@code scan_event}
     * @param reasonKind kind of its reason by {@link ReasonKind}, which is the reason without figures
     * @param endedAt when the event ended, or null while it is open
     */
    private record LastEvent(
            long id, String reasonKind, @Nullable Instant endedAt) {

        /** Returns whether this event is open and has this kind of reason. */
        boolean isOpenFor(String kind) {
            return endedAt == null && reasonKind.equals(kind);
        }

        /** Returns whether an event of the same kind that begins at {@code moment} must open this event again. */
        boolean reopensFor(String kind, Instant moment) {
            return endedAt != null
                    && reasonKind.equals(kind)
                    && endedAt.plus(REOPENS_WITHIN).isAfter(moment);
        }
    }

    public Timeline(JdbcClient jdbc, WorkerIdentity worker) {
        this.jdbc = jdbc;
        this.worker = worker;
    }

    /** Returns the name of this process as the originator of events: {@code worker HOST-PID-…}. */
    public String thisWorker() {
        return "worker " + worker.id();
    }

    /**
     * Adds an event, unless the timeline is full. An event that lasts is open until {@link #close} or {@link
     * #closeAll}.
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void add(TimelineEvent event) {
        insert(event, /* scope= */ null);
    }

    /** Adds an event, unless the timeline is full or already contains an event of its type. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void addOnce(TimelineEvent event) {
        // The sweeps of a cluster time out together, and without the lock each sweep would add the event.
        lock(event.scanId());
        boolean exists = jdbc.sql("select count(*) from scan_event where scan_id = :scanId and type = :type")
                        .param("scanId", event.scanId())
                        .param("type", event.type().wireName())
                        .query(Long.class)
                        .single()
                > 0;
        if (!exists) {
            insert(event, /* scope= */ null);
        }
    }

    /**
     * Adds an event, unless the timeline is full or already contains an event of its type with the same reason and
     * detail.
     *
     * @param event event with a reason and a detail
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void addIfNew(TimelineEvent event) {
        lock(event.scanId());
        boolean exists = jdbc.sql("select count(*) from scan_event where scan_id = :scanId and type = :type"
                                + " and why = :why and detail = :detail")
                        .param("scanId", event.scanId())
                        .param("type", event.type().wireName())
                        .param("why", printable(event.why(), MAX_TEXT_LENGTH))
                        .param("detail", printable(event.detail(), MAX_TEXT_LENGTH))
                        .query(Long.class)
                        .single()
                > 0;
        if (!exists) {
            insert(event, /* scope= */ null);
        }
    }

    /**
     * Locks the timeline of a scan until the current transaction ends. Other transactions that check the timeline and
     * then add to it must wait until then.
     */
    private void lock(UUID scanId) {
        // The query locks the row of the type 'created', which every timeline has.
        jdbc.sql("select id from scan_event where scan_id = :scanId and type = 'created' for update")
                .param("scanId", scanId)
                .query(Long.class)
                .list();
    }

    /**
     * Adds a project hold or the global hold that is in force when the scan is created. The event is open until the
     * hold is released or the scan ends.
     *
     * @param event event of the type {@code HELD}, of the whole scan
     * @param scope wire name of the scope: {@code project} or {@code all}
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void addHold(TimelineEvent event, String scope) {
        insert(event, scope);
    }

    /**
     * Begins a lasting event at a primary, and ends the open events that the new event replaces.
     *
     * <p>Two cases add no event. If the last event of the type at the primary has the same kind of reason and is open,
     * the method does nothing. If that event has ended less than a minute ago, it is opened again and its {@code times}
     * is raised by 1.
     *
     * @param event event with the id of the primary and a reason
     * @param replacedTypes types whose open events at the primary end when the new event begins
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void begin(TimelineEvent event, Set<EventType> replacedTypes) {
        String nodeId = String.valueOf(event.nodeId());
        String kind = ReasonKind.of(String.valueOf(event.why()));
        Optional<LastEvent> lastEvent = findLast(event, nodeId);
        if (lastEvent.isPresent() && lastEvent.get().isOpenFor(kind)) {
            return;
        }
        close(event.scanId(), replacedTypes, nodeId, event.at());
        if (lastEvent.isPresent() && lastEvent.get().reopensFor(kind, event.at())) {
            jdbc.sql("update scan_event set ended_at = null, times = times + 1 where id = :id")
                    .param("id", lastEvent.get().id())
                    .update();
        } else {
            insert(event, /* scope= */ null);
        }
    }

    /** Finds the last event of the same type at the same primary; empty if there is none. */
    private Optional<LastEvent> findLast(TimelineEvent event, String nodeId) {
        return jdbc.sql("select id, why, ended_at from scan_event where scan_id = :scanId and node_id = :nodeId"
                        + " and type = :type order by id desc limit 1")
                .param("scanId", event.scanId())
                .param("nodeId", nodeId)
                .param("type", event.type().wireName())
                .query((row, number) -> new LastEvent(
                        row.getLong("id"),
                        ReasonKind.of(String.valueOf(row.getString("why"))),
                        TimelineReader.time(row, "ended_at")))
                .optional();
    }

    /**
     * Ends the open events of some types. The events of project holds and of the global hold are not ended.
     *
     * @param nodeId id of the primary whose events end, or null for the events of the whole scan alone
     * @return false if no such event was open
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public boolean close(UUID scanId, Collection<EventType> types, @Nullable String nodeId, Instant now) {
        return jdbc.sql("update scan_event set ended_at = :now where scan_id = :scanId and type in (:types)"
                                + " and ended_at is null and scope is null and coalesce(node_id, '') = :nodeId")
                        .param("now", now.atOffset(ZoneOffset.UTC))
                        .param("scanId", scanId)
                        .param("types", types.stream().map(EventType::wireName).toList())
                        .param("nodeId", nodeId == null ? "" : nodeId)
                        .update()
                > 0;
    }

    /**
     * Ends all open events of a scan, because the scan ends: events of the whole scan and of its primaries, also
     * project holds and the global hold.
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void closeAll(UUID scanId, Instant now) {
        jdbc.sql("update scan_event set ended_at = :now where scan_id = :scanId and type in (:types)"
                        + " and ended_at is null")
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("scanId", scanId)
                .param(
                        "types",
                        EventType.LASTING.stream().map(EventType::wireName).toList())
                .update();
    }

    /**
     * Stores an event, or counts it as omitted if the timeline is at the limit of its type. The row of the type {@code
     * created}, which every timeline has, contains the number of omitted events.
     *
     * @param scope wire name of the scope of a hold: {@code project} or {@code all}; null for any other event
     */
    private void insert(TimelineEvent event, @Nullable String scope) {
        // A single statement counts and inserts, to save time: every scan has several events. The casts are necessary
        // because PostgreSQL cannot derive the types of parameters in a select list.
        int insertedRows = jdbc.sql("""
                insert into scan_event (scan_id, type, began_at, originator, why, detail, scope, node_id)
                select cast(:scanId as uuid), cast(:type as varchar(16)), cast(:at as timestamp(3) with time zone),
                    cast(:by as varchar(120)), cast(:why as varchar(1000)), cast(:detail as varchar(1000)),
                    cast(:scope as varchar(8)), cast(:nodeId as varchar(300))
                where (select count(*) from scan_event where scan_id = :scanId) < :limit
                """)
                .param("scanId", event.scanId())
                .param("type", event.type().wireName())
                .param("at", event.at().atOffset(ZoneOffset.UTC))
                .param("by", printable(event.by(), MAX_ORIGINATOR_LENGTH))
                .param("why", printable(event.why(), MAX_TEXT_LENGTH))
                .param("detail", printable(event.detail(), MAX_TEXT_LENGTH))
                .param("scope", scope)
                .param("nodeId", event.nodeId())
                .param("limit", event.nodeId() == null ? event.type().limit() : EventType.LIMIT_OF_PRIMARIES)
                .update();
        if (insertedRows == 0) {
            jdbc.sql("update scan_event set omitted = omitted + 1 where scan_id = :scanId and type = 'created'")
                    .param("scanId", event.scanId())
                    .update();
        }
    }

    /**
     * Returns the text as one printable line, cut to the length of its column; null for null. Messages of servers can
     * contain any character.
     */
    private static @Nullable String printable(@Nullable String text, int maxLength) {
        return text == null ? null : ForeignText.lineWithin(text, maxLength);
    }
}
