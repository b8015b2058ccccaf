package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reports what assist did on one primary, over all runs of its sweep; part of {@link SweepView}.
 *
 * <p>Assist raises the server's settings {@code hz} and {@code active-expire-effort} for a while, so that the server
 * itself removes more expired keys, and then restores them. The counts of keys are the server's own, and the counts of
 * the sweep do not include them.
 *
 * <p>The endings are:
 *
 * <ul>
 *   <li>{@code NOTHING_LEFT}: no key with a TTL is left
 *   <li>{@code LITTLE_LEFT}: few expired keys are left
 *   <li>{@code NOT_FALLING}: as many keys expire as the server reclaims
 *   <li>{@code CANCELLED}: a user cancelled it; or a pause, a closing window or a stop of the service interrupted it,
 *       and the next run continues it
 *   <li>{@code TIMED_OUT}: the timeout passed
 *   <li>{@code REFUSED}: assist is not possible or not allowed
 *   <li>{@code CHANGED_BY_OTHERS}: another client has changed a setting
 *   <li>{@code OVERLOADED}: the server, its replicas or its clients suffered too much, or the server could not reclaim
 *       for too long
 *   <li>{@code LOST}: the connection broke, or the server can no longer be assisted, for example after a failover
 * </ul>
 *
 * @param ending how assist has ended, see the list of endings; null while assist runs
 * @param reason why assist has ended, in words for users; null while assist runs
 * @param reclaimed number of expired keys that the server has reclaimed during assist, by the server's count
 * @param counter the field of INFO that {@code reclaimed} is taken from: {@code expired_keys_active} counts the
 *     server's own expiry alone, {@code expired_keys} also expired keys that clients accessed; null until the first
 *     reading
 * @param beganAt when assist began
 * @param endedAt when assist ended; null while assist runs
 * @param raisedMs time for which settings were raised, in milliseconds
 * @param serverMs time of the server's main thread that its expiry took while the settings were raised, in milliseconds
 * @param volatileKeysBefore number of keys with a TTL before assist, including expired keys; null until the first
 *     reading
 * @param volatileKeysAfter number of keys with a TTL at the last reading, including expired keys
 * @param estimatedLeft number of expired keys that still hold memory, by the server's estimate; null if the server
 *     makes no estimate
 * @param settings whether each raised setting was restored, in words for users; null while assist runs, or if assist
 *     changed no setting
 */
public record AssistView(
        @Nullable String ending,
        @Nullable String reason,
        long reclaimed,
        @Nullable String counter,
        @Nullable Instant beganAt,
        @Nullable Instant endedAt,
        long raisedMs,
        long serverMs,
        @Nullable Long volatileKeysBefore,
        @Nullable Long volatileKeysAfter,
        @Nullable Long estimatedLeft,
        @Nullable String settings) {}
