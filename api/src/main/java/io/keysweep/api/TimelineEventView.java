package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reports one event in the life of a scan; part of {@link TimelineView}.
 *
 * <p>A scan removes the expired keys of an instance, by one sweep for each primary. The types of events are:
 *
 * <ul>
 *   <li>{@code created}, {@code started} and {@code ended}: the scan as a whole
 *   <li>{@code paused} and {@code resumed}: a user has paused the scan, or ended the pause
 *   <li>{@code held} and {@code released}: with {@code scope}, a user has put the project or all projects on hold, or
 *       has ended that hold; with {@code nodeId}, the sweep of that primary waits for the reason in {@code why}, or
 *       waits no longer
 *   <li>{@code slowed}: a sweep is slower than its pace allows, because the server or its clients are overloaded
 *   <li>{@code tuned}: a user has changed the pace
 *   <li>{@code ceilings}: ceilings limited the pace when the scan was created, or a user has changed them since
 *   <li>{@code approved}: a second person has approved a pace above the ceilings
 *   <li>{@code node-lost}, {@code failed-over} and {@code restarted}: a primary cannot be reached, another node has
 *       become the primary, or the server process was restarted
 *   <li>{@code estimated}: from now on, the number of reclaimed keys of a primary is an estimate
 *   <li>{@code round}: the service has planned one sweep for each primary of a cluster; a further round follows if
 *       slots have moved to another primary
 *   <li>{@code interrupted} and {@code taken-over}: a worker process has lost a sweep, and another one continues it
 *   <li>{@code assisting} and {@code assisted}: the scan has raised settings of a primary, so that the server itself
 *       removes more expired keys, or has restored them
 *   <li>{@code settings-back}: another worker has tried to restore the settings that a lost worker had left raised;
 *       {@code detail} says whether it could
 *   <li>{@code cancelled} and {@code expired}: a user has cancelled the scan, or its timeout is over
 * </ul>
 *
 * @param type what happened, one of the types above
 * @param at when the event happened or began
 * @param until when the event ended; null while it lasts, and for an event without a duration. It is never before
 *     {@code at}: if the clocks of the two machines that recorded the start and the end differ by more than the
 *     duration, it equals {@code at}
 * @param by who caused the event: the id of an access key, {@code automatic scan}, {@code low memory start}, {@code
 *     backlog keeper}, or {@code worker} with its id; null if neither a user nor a part of the service did
 * @param why reason that the user gave, or the reason of the service; null if there is none
 * @param detail facts about the event, such as the new pace or the primaries of a round; null if there are none
 * @param scope for a hold by a user, the word "project" or the word "all"; null for any other event
 * @param nodeId primary that the event concerns; null if it concerns the whole scan
 * @param times how often the event happened; more than 1 if it ended and began again within a minute
 */
public record TimelineEventView(
        String type,
        Instant at,
        @Nullable Instant until,
        @Nullable String by,
        @Nullable String why,
        @Nullable String detail,
        @Nullable String scope,
        @Nullable String nodeId,
        int times) {

    public TimelineEventView {
        until = until != null && until.isBefore(at) ? at : until;
    }
}
