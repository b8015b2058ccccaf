package io.keysweep.server.scan;

import io.keysweep.server.control.AssistMode;
import io.keysweep.server.sweep.SweepStore;
import io.keysweep.server.sweep.SweptScan;
import io.keysweep.server.sweep.SweptScans;
import io.keysweep.server.timeline.EventType;
import io.keysweep.server.timeline.Timeline;
import io.keysweep.server.timeline.TimelineEvent;
import io.keysweep.server.timeline.TimelineReader;
import io.keysweep.server.tracing.ScanTrace;
import io.keysweep.server.tracing.Traces;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/**
 * Adds scans to SQL and changes their states: a scan waits, runs, and ends as success or failed.
 *
 * <p>An update that changes the state also names the state that the scan must have before. If two processes change a
 * scan at the same time, only one of the updates matches. When a scan ends, this class publishes a {@link ScanEnded}.
 * {@link ScanStore} reads scans. Thread-safe.
 */
@Repository
class ScanTransitions implements SweptScans {

    private final JdbcClient jdbc;
    private final ScanStore scans;
    private final SweepStore sweeps;
    private final Timeline timeline;
    private final TimelineReader timelines;
    private final Traces traces;
    private final ApplicationEventPublisher events;

    ScanTransitions(
            JdbcClient jdbc,
            ScanStore scans,
            SweepStore sweeps,
            Timeline timeline,
            TimelineReader timelines,
            Traces traces,
            ApplicationEventPublisher events) {
        this.jdbc = jdbc;
        this.scans = scans;
        this.sweeps = sweeps;
        this.timeline = timeline;
        this.timelines = timelines;
        this.traces = traces;
        this.events = events;
    }

    /**
     * Adds a waiting scan with its known sweeps (each visits one primary) and with its ids in the trace of this thread.
     * Must run in a transaction, so that no scan is stored without its sweeps.
     *
     * @throws org.springframework.dao.DuplicateKeyException if the instance has an active scan
     */
    void insert(Scan scan) {
        ScanTrace trace = traces.newScan();
        jdbc.sql("""
                insert into scan (id, instance_id, active_instance_id, scan_type, state, timeout_seconds, rate_ceiling,
                    created_at, trace, instance_name, instance_uri)
                values (:id, :instanceId, :instanceId, :type, :state, :timeout, :rateCeiling, :createdAt, :trace,
                    (select name from instance where id = :instanceId),
                    (select uri from instance where id = :instanceId))
                """)
                .param("id", scan.id())
                .param("instanceId", scan.instanceId())
                .param("type", scan.type().wireName())
                .param("state", scan.state().wireName())
                .param("timeout", scan.timeout().toSeconds())
                .param("rateCeiling", scan.rateCeiling())
                .param("createdAt", scan.createdAt().atOffset(ZoneOffset.UTC))
                .param("trace", trace == null ? null : trace.text())
                .update();
        scan.sweeps().forEach(sweeps::insert);
    }

    @Override
    public Optional<SweptScan> findActive(UUID scanId) {
        return jdbc.sql("select * from scan where id = :id and active_instance_id is not null")
                .param("id", scanId)
                .query((row, number) -> {
                    Scan scan = ScanRows.scan(row, /* sweeps= */ List.of());
                    return new SweptScan(
                            scan.instanceId(),
                            scan.type() == ScanType.AUTO,
                            AssistMode.ofWireName(row.getString("assist")).orElse(AssistMode.NONE),
                            row.getObject("backlog_limit", Long.class),
                            scan.timeout(),
                            scan.createdAt(),
                            scan.deadline(),
                            ScanTrace.parse(row.getString("trace")));
                })
                .optional();
    }

    @Override
    @Transactional
    public Optional<Instant> start(UUID id, Instant createdAt, Instant now) {
        Instant startedAt = now.isBefore(createdAt) ? createdAt : now;
        // The update matches only a scan that waits. A scan that another sweep has begun keeps its start time, and its
        // timeline gets no second start.
        int changedRows = jdbc.sql(
                        "update scan set state = :next, started_at = :startedAt where id = :id and state = :state")
                .param("next", ScanState.RUNNING.wireName())
                .param("startedAt", startedAt.atOffset(ZoneOffset.UTC))
                .param("id", id)
                .param("state", ScanState.WAITING.wireName())
                .update();
        if (changedRows == 1) {
            timeline.add(TimelineEvent.of(id, EventType.STARTED, startedAt, timeline.thisWorker(), /* why= */ null));
            return Optional.of(startedAt);
        }
        // Either an earlier call has begun the scan, which then has a start time, or the scan has ended.
        return jdbc.sql("select started_at from scan where id = :id and state = :state")
                .param("id", id)
                .param("state", ScanState.RUNNING.wireName())
                .query(OffsetDateTime.class)
                .optional()
                .map(OffsetDateTime::toInstant);
    }

    /**
     * Ends an active scan, so that its instance may have another one. Adds the end to the timeline and publishes it.
     *
     * @param finalState {@code SUCCESS} or {@code FAILED}
     * @param failure why the scan failed, in words for users, at most 1000 characters; null if it has not failed
     * @return false if the scan had ended before or does not exist, or if {@link ScanState#next} does not allow this
     *     state, for example {@code SUCCESS} for a scan that waits
     */
    @Transactional
    boolean finish(UUID id, ScanState finalState, @Nullable String failure, Instant now) {
        List<ScanState> statesBefore = Stream.of(ScanState.values())
                .filter(state -> state.next().contains(finalState))
                .toList();
        return end(id, statesBefore, finalState, failure, timeline.thisWorker(), now);
    }

    /**
     * Ends a scan as failed if it still waits, that is, if no worker has begun it. Adds the end to the timeline and
     * publishes it. The caller also ends the sweeps of the scan, in the same transaction.
     *
     * @param failure why the scan is ended, in words for users, at most 1000 characters
     * @return false if a worker has begun the scan, or if the scan had ended before
     */
    @Transactional
    boolean endWaiting(UUID id, String failure, Instant now) {
        // The end has no originator, because the event of the cancellation, which precedes it in the timeline, names
        // the user.
        return end(id, List.of(ScanState.WAITING), ScanState.FAILED, failure, /* originator= */ null, now);
    }

    /**
     * Ends a scan if it is in one of the given states. Closes all open events of its timeline, adds the end to it, and
     * publishes the end to other packages.
     *
     * @param statesBefore states that the scan may leave
     * @param originator worker that ends the scan, or null if no worker has begun it
     */
    private boolean end(
            UUID id,
            List<ScanState> statesBefore,
            ScanState finalState,
            @Nullable String failure,
            @Nullable String originator,
            Instant now) {
        boolean hasEnded = jdbc.sql("""
                        update scan set state = :next, failure = :failure,
                            finished_at = greatest(coalesce(started_at, created_at), :now), active_instance_id = null
                        where id = :id and state in (:statesBefore)
                        """)
                        .param("next", finalState.wireName())
                        .param("failure", failure)
                        .param("now", now.atOffset(ZoneOffset.UTC))
                        .param("id", id)
                        .param(
                                "statesBefore",
                                statesBefore.stream().map(ScanState::wireName).toList())
                        .update()
                == 1;
        if (hasEnded) {
            timeline.closeAll(id, now);
            timeline.add(TimelineEvent.of(id, EventType.ENDED, now, originator, failure)
                    .withDetail(finalState.wireName()));
            events.publishEvent(new ScanEnded(scans.find(id).orElseThrow(), ending(id, finalState)));
        }
        return hasEnded;
    }

    /** Returns the ending of a scan that has ended in the given state. */
    private ScanEnding ending(UUID id, ScanState finalState) {
        // A scan that has succeeded is treated as success, even if there is a request to cancel it, which came too
        // late.
        boolean hasFailed = finalState == ScanState.FAILED;
        boolean wasCancelled = hasFailed && isCancelled(id);
        boolean hasExpired = hasFailed
                && !timelines.scansWith(EventType.EXPIRED, List.of(id)).isEmpty();
        return ScanEnding.of(finalState, wasCancelled, hasExpired).orElseThrow();
    }

    /** Returns whether a user has requested to cancel the scan, even if no worker has carried the request out yet. */
    private boolean isCancelled(UUID id) {
        return jdbc.sql("select 1 from scan where id = :id and cancelled_at is not null")
                .param("id", id)
                .query(Integer.class)
                .optional()
                .isPresent();
    }
}
