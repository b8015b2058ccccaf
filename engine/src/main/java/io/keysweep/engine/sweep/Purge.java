package io.keysweep.engine.sweep;

/**
 * Reports the result of MEMORY PURGE, which has the allocator return unused pages to the operating system.
 *
 * @param done whether the server has done it
 * @param outcome the server's answer or why it was not asked, for the user
 * @param rssBefore {@code used_memory_rss} before, bytes
 * @param rssAfter {@code used_memory_rss} after, bytes; equal to {@code rssBefore} if the server has not done it
 */
public record Purge(boolean done, String outcome, long rssBefore, long rssAfter) {

    /** The permission that a user needs, as ACL SETUSER writes it. */
    public static final String PERMISSION = "memory|purge";

    static Purge notDone(String why, long rss) {
        return new Purge(false, why, rss, rss);
    }
}
