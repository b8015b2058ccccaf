package io.keysweep.engine.sweep;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.ServerInfo;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Reads a server's memory use after a run of a sweep, and compares it with the memory use before the run.
 *
 * <p>On request the meter also runs MEMORY PURGE, which makes the server's allocator return unused pages to the
 * operating system. Used by one thread.
 */
final class MemoryMeter {

    /** The time between two readings of INFO while the server frees values. */
    private static final Duration POLL_EVERY = Duration.ofMillis(200);

    /** The largest number of polls while the server frees values in the background; together they take 5 s. */
    private static final int MAX_POLLS = 25;

    /**
     * The wait after MEMORY PURGE. A server updates {@code used_memory_rss} ten times per second by default, but only
     * once per second with {@code hz 1}.
     */
    private static final Duration RSS_UPDATED_WITHIN = Duration.ofSeconds(1);

    private final ServerInfo infoBefore;

    /**
     * Creates a meter for one run.
     *
     * @param infoBefore all of INFO, read when the run began
     */
    MemoryMeter(ServerInfo infoBefore) {
        this.infoBefore = infoBefore;
    }

    /**
     * Waits until the server has freed the reclaimed values, runs MEMORY PURGE if {@code purge} is true, and returns
     * the comparison. The wait lasts at most about 5 s. MEMORY PURGE may block the server for a while, and another
     * second passes after it. A cancel or the deadline ends the waits and prevents MEMORY PURGE. If the server stops
     * answering, the report has only the memory before the run.
     *
     * @param reclaimed the number of expired keys that this run has reclaimed
     * @param purge whether the server must return unused memory to the operating system (MEMORY PURGE)
     */
    MemoryReport report(Session session, RunLimits limits, long reclaimed, boolean purge) throws InterruptedException {
        ServerInfo infoAfter;
        try {
            infoAfter = session.info().readAll();
            for (int i = 0; i < MAX_POLLS && lazyFreePending(infoAfter) && limits.ending() == null; i++) {
                limits.waitFor(POLL_EVERY);
                infoAfter = session.info().readAll();
            }
        } catch (LinkBrokenException e) {
            Purge purgeResult = purge ? Purge.notDone(stoppedAnsweringText(e), /* rss= */ 0) : null;
            return compare(session, /* infoAfter= */ null, reclaimed, purgeResult);
        }
        Purge purgeResult = purge ? purge(session, limits, ServerMemory.of(infoAfter)) : null;
        return compare(session, infoAfter, reclaimed, purgeResult);
    }

    /**
     * Returns the comparison without waiting and without MEMORY PURGE. If the server does not answer, the report
     * has only the memory before the run.
     */
    MemoryReport reportAtOnce(Session session, long reclaimed) {
        try {
            return compare(session, session.info().readAll(), reclaimed, /* purge= */ null);
        } catch (LinkBrokenException e) {
            return compare(session, /* infoAfter= */ null, reclaimed, /* purge= */ null);
        }
    }

    private MemoryReport compare(
            Session session, @Nullable ServerInfo infoAfter, long reclaimed, @Nullable Purge purge) {
        return MemoryReport.of(
                infoBefore, infoAfter, reclaimed, purge, session.inspection().proxyEvidence() != null);
    }

    /** Returns whether values of removed keys still wait to be freed. */
    private static boolean lazyFreePending(ServerInfo info) {
        return ServerMemory.of(info).lazyFreePending() > 0;
    }

    /**
     * Runs MEMORY PURGE unless the run must end or the allocator does not support it. Returns the physical memory
     * before and after, or why MEMORY PURGE was not run.
     *
     * @param memory the memory before
     */
    private static Purge purge(Session session, RunLimits limits, ServerMemory memory) throws InterruptedException {
        long rss = memory.rssBytes();
        if (limits.ending() != null) {
            return Purge.notDone("the sweep had been cancelled or had timed out", rss);
        }
        // With any other allocator the server answers OK and does nothing.
        if (!memory.allocator().startsWith("jemalloc")) {
            String allocator = memory.allocator().isEmpty() ? "of an unknown kind" : memory.allocator();
            return Purge.notDone(
                    "the server's allocator is " + allocator + ", and only jemalloc supports MEMORY PURGE", rss);
        }
        try {
            @Nullable String refusal = session.purgeMemory();
            if (refusal != null) {
                return Purge.notDone(refusal, rss);
            }
            limits.waitFor(RSS_UPDATED_WITHIN);
            return Purge.done(rss, ServerMemory.of(session.info().readAll()).rssBytes());
        } catch (LinkBrokenException e) {
            return Purge.notDone(stoppedAnsweringText(e), rss);
        }
    }

    private static String stoppedAnsweringText(LinkBrokenException e) {
        return "the server stopped answering: " + e.getMessage();
    }
}
