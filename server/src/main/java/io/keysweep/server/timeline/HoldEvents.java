package io.keysweep.server.timeline;

import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Adds project holds and global holds, and their releases, to the timelines of the active scans that they stop.
 *
 * <p>A user sets such a hold to stop every scan in its scope (one project, or all projects). The event of the hold is
 * open until a user releases the hold. This class writes the timelines of all these scans with a few SQL statements,
 * because thousands of scans must stop within a second. If a timeline is full, the event is omitted there and only
 * counted, see {@link EventType}.
 *
 * <p>Methods that write take part in the transaction of the caller, and throw an exception if there is none.
 * Thread-safe.
 */
@Repository
public class HoldEvents {

    /**
     * Matches the active scans of a project, or of all projects if {@code :project} is an empty text. A scan is active
     * while it waits or runs.
     */
    private static final String ACTIVE_SCANS = """
            scan join instance on instance.id = scan.instance_id
            where scan.active_instance_id is not null and (:project = '' or instance.project_id = :project)
            """;

    /**
     * The first part of a condition on the number of events in the timeline of a scan. A comparison with the limit of
     * the event type must follow.
     */
    private static final String STORED_EVENTS =
            " and (select count(*) from scan_event counted where counted.scan_id = scan.id) ";

    /** Matches scans whose timeline has an open hold of the scope. */
    private static final String HAS_OPEN_HOLD = """
             and exists (select 1 from scan_event held where held.scan_id = scan.id and held.type = 'held'
                and held.scope = :scope and held.ended_at is null)
            """;

    /** Matches events of holds after which the timeline has another hold of the same scope. */
    private static final String IS_REPLACED = """
             and exists (select 1 from scan_event newer where newer.scan_id = scan_event.scan_id and newer.type = 'held'
                and newer.scope = :scope and newer.id > scan_event.id)
            """;

    private final JdbcClient jdbc;

    public HoldEvents(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Adds a hold, and ends the open event of an earlier hold of the same scope, which the new hold replaces. In a full
     * timeline, which gets no event of the new hold, the earlier event remains open.
     *
     * @param scope wire name of the scope: {@code project} or {@code all}
     * @param projectId id of the project, or null for all projects
     * @param by id of the access key that sets the hold
     * @param why reason of the hold as the caller has given it, or null if there is none
     * @param at when the hold begins
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void addHold(String scope, @Nullable String projectId, String by, @Nullable String why, Instant at) {
        // The new hold is added before the earlier one is closed. The insert waits for a transaction that ends one of
        // the scans, and that transaction closes the open events of its scan. The opposite order could therefore cause
        // a deadlock.
        addToTimelines(EventType.HELD, /* condition= */ "", scope, projectId, by, why, at);
        closeHold(scope, projectId, IS_REPLACED, at);
    }

    /**
     * Adds a release to the timelines of the scans that have an open hold of the scope, and ends the event of that
     * hold.
     *
     * @param scope wire name of the scope: {@code project} or {@code all}
     * @param projectId id of the project, or null for all projects
     * @param by id of the access key that releases the hold
     * @param at when the hold ends
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void addRelease(String scope, @Nullable String projectId, String by, Instant at) {
        // The release is added before the hold is closed, because the open event of the hold shows which timelines get
        // the release.
        addToTimelines(EventType.RELEASED, HAS_OPEN_HOLD, scope, projectId, by, /* why= */ null, at);
        closeHold(scope, projectId, /* condition= */ "", at);
    }

    /**
     * Ends the open events of the hold of a scope.
     *
     * @param condition further SQL condition on the events, or an empty text
     */
    private void closeHold(String scope, @Nullable String projectId, String condition, Instant at) {
        jdbc.sql("update scan_event set ended_at = :at where type = 'held' and scope = :scope and ended_at is null"
                        + " and scan_id in (select scan.id from " + ACTIVE_SCANS + ")" + condition)
                .param("at", at.atOffset(ZoneOffset.UTC))
                .param("scope", scope)
                .param("project", projectId == null ? "" : projectId)
                .update();
    }

    /**
     * Adds an event of the whole scan to the timelines of active scans.
     *
     * @param condition further SQL condition on the scans, or an empty text
     */
    private void addToTimelines(
            EventType type,
            String condition,
            String scope,
            @Nullable String projectId,
            String by,
            @Nullable String why,
            Instant at) {
        // This update counts the event as omitted where the timeline is full. The row of the type 'created', which
        // every timeline has, contains the count. This update precedes the insert, which raises the number of events.
        jdbc.sql(
                        "update scan_event set omitted = omitted + 1 where type = 'created' and scan_id in (select scan.id from "
                                + ACTIVE_SCANS + condition + STORED_EVENTS + ">= :limit)")
                .param("project", projectId == null ? "" : projectId)
                .param("scope", scope)
                .param("limit", type.limit())
                .update();
        // The insert adds the event to all other timelines. The casts are necessary because PostgreSQL cannot derive
        // the types of parameters in a select list.
        jdbc.sql("""
                insert into scan_event (scan_id, type, began_at, originator, why, scope)
                select scan.id, cast(:type as varchar(16)), cast(:at as timestamp(3) with time zone),
                    cast(:by as varchar(120)), cast(:why as varchar(1000)), cast(:scope as varchar(8))
                from\s""" + ACTIVE_SCANS + condition + STORED_EVENTS + "< :limit")
                .param("type", type.wireName())
                .param("at", at.atOffset(ZoneOffset.UTC))
                .param("by", by)
                .param("why", why)
                .param("scope", scope)
                .param("project", projectId == null ? "" : projectId)
                .param("limit", type.limit())
                .update();
    }
}
