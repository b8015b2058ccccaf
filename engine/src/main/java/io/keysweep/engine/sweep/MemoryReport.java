package io.keysweep.engine.sweep;

import io.keysweep.engine.link.ServerInfo;
import org.jspecify.annotations.Nullable;

/**
 * What one run of a sweep has done to the memory of its server, and what others have done to it meanwhile.
 *
 * @param before when the run began
 * @param after when it had ended and nothing was left to be freed in the background, as far as that came in time (see
 *     {@link ServerMemory#lazyFreePending()}); null if the server did not answer any more
 * @param keysBefore keys and keys with a TTL a database when the run began
 * @param keysAfter the same as of {@code after}
 * @param flow what came and went beside the sweep; null where it cannot be told
 * @param reclaimed what the reclaimed keys held, and how that was reckoned
 * @param purge what came of MEMORY PURGE; null if it was not asked for
 */
public record MemoryReport(
        ServerMemory before,
        @Nullable ServerMemory after,
        Keyspace keysBefore,
        @Nullable Keyspace keysAfter,
        @Nullable KeyFlow flow,
        ReclaimedBytes reclaimed,
        @Nullable Purge purge) {

    /**
     * Compares two looks at a server.
     *
     * @param before all of INFO when the run began
     * @param after all of INFO when it had ended; null if there was no answer
     * @param reclaimed expired keys that this run has reclaimed
     */
    public static MemoryReport of(
            ServerInfo before, @Nullable ServerInfo after, long reclaimed, @Nullable Purge purge) {
        ServerMemory memoryBefore = ServerMemory.of(before);
        Keyspace keysBefore = Keyspace.of(before);
        ServerMemory memoryAfter = after == null ? null : ServerMemory.of(after);
        Keyspace keysAfter = after == null ? null : Keyspace.of(after);
        KeyFlow flow = after == null ? null : KeyFlow.between(before, after, reclaimed);
        ReclaimedBytes bytes = ReclaimedBytes.of(
                memoryBefore,
                keysBefore.totalKeys(),
                memoryAfter,
                keysAfter == null ? 0 : keysAfter.totalKeys(),
                flow,
                reclaimed);
        return new MemoryReport(memoryBefore, memoryAfter, keysBefore, keysAfter, flow, bytes, purge);
    }
}
