package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reports what assist did on one primary, over all runs of its sweep; part of {@link SweepView}.
 *
 * <p>To assist is to make the server's own expiry work harder for a while, by settings that are raised and then put
 * back. All numbers are the server's own, and no part of the counts of the sweep.
 *
 * @param ending how assist has ended: {@code NOTHING_LEFT}, {@code LITTLE_LEFT}, {@code NOT_FALLING}, {@code CANCELLED}
 *     (also by a pause, a window or a stop of the service; then the next run continues), {@code TIMED_OUT}, {@code
 *     REFUSED}, {@code CHANGED_BY_OTHERS}, {@code OVERLOADED} or {@code LOST}; null while it runs
 * @param reason why it has ended, in words for users; null while it runs
 * @param reclaimed expired keys that the server has reclaimed meanwhile, by its own count
 * @param counter the field of INFO that {@code reclaimed} is taken from: {@code expired_keys_active} counts the
 *     server's own expiry alone, {@code expired_keys} also expired keys that clients accessed; null until the first
 *     reading
 * @param beganAt when assist began
 * @param endedAt when assist ended; null while it runs
 * @param raisedMs time for which settings were raised, in milliseconds
 * @param serverMs time of the server's main thread that this took, in milliseconds
 * @param volatileKeysBefore keys with a TTL before, with the expired ones; null until the first reading
 * @param volatileKeysAfter keys with a TTL at the last reading
 * @param estimatedLeft expired keys that still hold memory, by the server's estimate; null if it makes none
 * @param settings what has happened to the settings, in words for users; null until they are back, and if none was
 *     changed
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
