package io.keysweep.engine.sweep;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.ServerInfo;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Looks at a server's memory before and after a run. Used by the sweep's thread. */
final class MemoryMeter {

    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    /** So often until what is freed in the background is gone: five seconds. */
    private static final int MOST_LOOKS = 25;

    /** A server looks its RSS up ten times a second; once a second where {@code hz} is 1. */
    private static final Duration RSS_LOOKED_UP = Duration.ofSeconds(1);

    private final ServerInfo before;

    /** @param before all of INFO when the run began */
    MemoryMeter(ServerInfo before) {
        this.before = before;
    }

    /**
     * Waits until what was reclaimed is freed, and compares; not past a cancel or the deadline.
     *
     * @param reclaimed expired keys that this run has reclaimed
     * @param purge whether unused pages are to be given back to the machine
     */
    MemoryReport report(Session session, RunLimits limits, long reclaimed, boolean purge) throws InterruptedException {
        ServerInfo after;
        try {
            after = session.info();
            for (int i = 0; i < MOST_LOOKS && pending(after) && limits.reached() == null; i++) {
                limits.rest(LOOK_EVERY);
                after = session.info();
            }
        } catch (LinkBrokenException e) {
            return MemoryReport.of(before, null, reclaimed, purge ? Purge.notDone(unreachable(e), 0) : null);
        }
        return MemoryReport.of(before, after, reclaimed, purge ? purge(session, limits, ServerMemory.of(after)) : null);
    }

    private static boolean pending(ServerInfo info) {
        return ServerMemory.of(info).lazyFreePending() > 0;
    }

    private static Purge purge(Session session, RunLimits limits, ServerMemory memory) throws InterruptedException {
        long rss = memory.rssBytes();
        if (limits.reached() != null) {
            return Purge.notDone("the sweep was not to go on any longer", rss);
        }
        // With any other allocator the server answers OK and does nothing.
        if (!memory.allocator().startsWith("jemalloc")) {
            String allocator = memory.allocator().isEmpty() ? "of an unknown kind" : memory.allocator();
            return Purge.notDone("the server's allocator is " + allocator + ", and only jemalloc can do it", rss);
        }
        try {
            @Nullable String refusal = session.purge();
            if (refusal != null) {
                return Purge.notDone(refusal, rss);
            }
            limits.rest(RSS_LOOKED_UP);
            return new Purge(true, "done", rss, ServerMemory.of(session.info()).rssBytes());
        } catch (LinkBrokenException e) {
            return Purge.notDone(unreachable(e), rss);
        }
    }

    private static String unreachable(LinkBrokenException e) {
        return "the server did not answer any more: " + e.getMessage();
    }
}
