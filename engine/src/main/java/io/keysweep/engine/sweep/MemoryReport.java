package io.keysweep.engine.sweep;

import io.keysweep.engine.link.ServerInfo;
import org.jspecify.annotations.Nullable;

/**
 * A memory report compares a server's memory before and after one run of a sweep; it is part of {@link SweepReport}.
 *
 * @param before the memory when the run began
 * @param after the memory after the run, once nothing was left to free in the background or 5 s had passed (see {@link
 *     ServerMemory#lazyFreePending()}); null if the server did not answer
 * @param keysBefore the number of keys in each database when the run began
 * @param keysAfter the number of keys in each database when {@code after} was read; null if {@code after} is null
 * @param flow the keys that others created or removed during the run; null if that is not known
 * @param reclaimed an estimate of the memory that the reclaimed keys held, with the method of the estimate
 * @param purge the result of MEMORY PURGE; null if it was not asked for
 * @param oneOfSeveral whether a proxy in front of several servers answered, so that memory and keys describe only one
 *     of them
 */
public record MemoryReport(
        ServerMemory before,
        @Nullable ServerMemory after,
        Keyspace keysBefore,
        @Nullable Keyspace keysAfter,
        @Nullable KeyFlow flow,
        ReclaimedBytes reclaimed,
        @Nullable Purge purge,
        boolean oneOfSeveral) {

    /**
     * Returns whether there are two readings from one server process. After a failover or a restart the processes
     * differ, and a comparison of their memory means nothing. Returns false if {@code after} is null.
     */
    public boolean sameProcess() {
        return after != null && after.runId().equals(before.runId());
    }

    /**
     * Compares two readings of INFO from one address. A restart may have replaced the server process in between.
     *
     * @param before all of INFO, read when the run began
     * @param after all of INFO, read after the run; null if the server did not answer
     * @param reclaimed the number of expired keys that the run reclaimed
     * @param purge the result of MEMORY PURGE; null if it was not asked for
     */
    public static MemoryReport of(
            ServerInfo before, @Nullable ServerInfo after, long reclaimed, @Nullable Purge purge) {
        return of(before, after, reclaimed, purge, /* oneOfSeveral= */ false);
    }

    /**
     * Compares two readings of INFO, which may describe only one of the servers that were swept. If so, the keys that
     * others created or removed are unknown, since {@code reclaimed} counts the keys of all servers.
     *
     * @param oneOfSeveral whether the readings describe only one of several servers behind a proxy
     */
    static MemoryReport of(
            ServerInfo before,
            @Nullable ServerInfo after,
            long reclaimed,
            @Nullable Purge purge,
            boolean oneOfSeveral) {
        ServerMemory memoryBefore = ServerMemory.of(before);
        Keyspace keysBefore = Keyspace.of(before);
        ServerMemory memoryAfter = after == null ? null : ServerMemory.of(after);
        Keyspace keysAfter = after == null ? null : Keyspace.of(after);
        KeyFlow flow = after == null || oneOfSeveral ? null : KeyFlow.between(before, after, reclaimed);
        ReclaimedBytes bytes = ReclaimedBytes.of(
                memoryBefore,
                keysBefore.totalKeys(),
                memoryAfter,
                keysAfter == null ? 0 : keysAfter.totalKeys(),
                flow,
                reclaimed);
        return new MemoryReport(memoryBefore, memoryAfter, keysBefore, keysAfter, flow, bytes, purge, oneOfSeveral);
    }
}
