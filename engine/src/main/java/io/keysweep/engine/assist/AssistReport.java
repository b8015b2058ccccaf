package io.keysweep.engine.assist;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reports the result of {@link Assist} on one primary, whose settings it raised for a while.
 *
 * @param nodeId the address of the primary
 * @param ending how assist ended
 * @param reason why assist ended, a sentence for the user without a capital letter at its beginning and without a full
 *     stop
 * @param reclaimed expired keys that the server has reclaimed during assist, by the server's own counter, including
 *     keys that it would have reclaimed without assist
 * @param counter the counter that {@code reclaimed} is taken from: {@code expired_keys_active}, which counts the expiry
 *     cycle alone, or {@code expired_keys}, which also counts expired keys that clients accessed
 * @param elapsed the time from the first reading of INFO to the last
 * @param raisedFor the time for which the settings were raised, or a bit longer if the network or the server was slow
 * @param serverBusy the main thread's time that the expiry took at the raised settings, including the server's usual
 *     expiry
 * @param stalePercentBefore {@code expired_stale_perc} before: the server's estimate of how many percent of the keys
 *     with a TTL have expired; null if not known. Before assist it may be far too low, since the server hardly samples
 * @param stalePercentAfter {@code expired_stale_perc} after; null if not known
 * @param volatileKeysBefore keys with a TTL before assist, including expired ones
 * @param volatileKeysAfter keys with a TTL after assist, including expired ones
 * @param estimatedLeft expired keys that still hold memory, by the server's estimate; null if not known
 * @param settings the outcome for each setting that this or an earlier process has changed; empty if there is none
 */
public record AssistReport(
        String nodeId,
        AssistEnding ending,
        String reason,
        long reclaimed,
        String counter,
        Duration elapsed,
        Duration raisedFor,
        Duration serverBusy,
        @Nullable Double stalePercentBefore,
        @Nullable Double stalePercentAfter,
        long volatileKeysBefore,
        long volatileKeysAfter,
        @Nullable Long estimatedLeft,
        List<SettingOutcome> settings) {

    public AssistReport {
        settings = List.copyOf(settings);
    }

    /** Names how assist ended on a primary. */
    public enum AssistEnding {
        /** No key with a TTL is left, or there was none. */
        NOTHING_LEFT,
        /** Few expired keys are left, and reclaiming more of them costs more than it is worth. */
        LITTLE_LEFT,
        /** The backlog no longer falls, since about as many keys expire as the server reclaims. */
        NOT_FALLING,
        /** A person cancelled assist, or the process was asked to end. */
        CANCELLED,
        /** The deadline passed. */
        TIMED_OUT,
        /**
         * Assist was not possible. For example, the former settings could not be stored, the server refused the first
         * changes, or assist was forbidden after it had begun. Settings that assist or an earlier process had raised
         * may have been restored.
         */
        REFUSED,
        /** A setting did not have the expected value, usually because another client has changed it. */
        CHANGED_BY_OTHERS,
        /**
         * The server, its replicas or its clients suffered too much, or the server could not reclaim for longer than
         * the patience. The patience is the longest time for which assist waits for its server.
         */
        OVERLOADED,
        /**
         * The connection broke, or the server can no longer be assisted. Such a server is no longer a primary, loads
         * its data, answers INFO with an error, refuses a change that it has allowed before, or no longer reports a
         * setting.
         */
        LOST;

        /** Returns whether assist ended because continuing would gain too little. */
        public boolean complete() {
            return this == NOTHING_LEFT || this == LITTLE_LEFT || this == NOT_FALLING;
        }
    }

    /** Returns whether a raised value may still be in force, so that the former value must be restored later. */
    public boolean stillRaised() {
        return settings.stream().anyMatch(setting -> setting.state() == SettingOutcome.State.STILL_RAISED);
    }
}
