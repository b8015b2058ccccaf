package io.keysweep.engine.sweep;

/**
 * What came of MEMORY PURGE, which asks the allocator to give unused pages back to the machine.
 *
 * @param done whether the server has done it
 * @param outcome what it answered or why it was not asked, for people
 * @param rssBefore {@code used_memory_rss} before it, bytes
 * @param rssAfter the same once the server has looked it up again; as before where it was not done
 */
public record Purge(boolean done, String outcome, long rssBefore, long rssAfter) {

    /** What a user has to be allowed, as ACL SETUSER writes it. */
    public static final String PERMISSION = "memory|purge";

    static Purge notDone(String why, long rss) {
        return new Purge(false, why, rss, rss);
    }
}
