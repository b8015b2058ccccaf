package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reports one event in the life of a scan; part of {@link TimelineView}.
 *
 * @param type what happened: {@code created}, {@code started}, {@code paused}, {@code resumed}, {@code held}, {@code
 *     released}, {@code slowed}, {@code tuned}, {@code node-lost}, {@code failed-over}, {@code restarted} (the server),
 *     {@code round}, {@code interrupted}, {@code taken-over}, {@code cancelled}, {@code expired} or {@code ended}
 * @param at when it happened or began
 * @param until when it ended; null while it lasts, and for an event without a duration
 * @param by who caused it: the id of an access key, {@code automatic scan}, {@code low memory start}, {@code backlog
 *     keeper}, or {@code worker} with its id; null if the server did
 * @param why reason that the person gave, or the reason of the service; null if there is none
 * @param detail facts about the event, such as the new pace or the primaries of a round; null if there are none
 * @param scope what a person has held: the word "project" or the word "all"; null for any other event
 * @param nodeId primary that the event concerns; null if it concerns the whole scan
 * @param times how often it happened; more than 1 if it ended and began again within a minute
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
        int times) {}
