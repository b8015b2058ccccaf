package io.keysweep.engine.sweep;

/**
 * Reports the result of MEMORY PURGE, which makes the server's allocator return unused pages to the operating system.
 *
 * <p>A sweep runs the command at its end if the user asks for it.
 *
 * @param done whether the server has run MEMORY PURGE
 * @param outcome the text {@code done}, or the reason why the server refused or was not asked, for the user
 * @param rssBefore the physical memory of the server before, bytes (INFO {@code used_memory_rss}); 0 if unknown
 * @param rssAfter the physical memory of the server after, bytes; equal to {@code rssBefore} if {@code done} is false;
 *     0 if unknown
 */
public record Purge(boolean done, String outcome, long rssBefore, long rssAfter) {

    /** The permission that a user needs, as ACL SETUSER writes it. */
    public static final String PERMISSION = "memory|purge";

    /** Returns the result after the server has run the command. */
    static Purge done(long rssBefore, long rssAfter) {
        return new Purge(/* done= */ true, "done", rssBefore, rssAfter);
    }

    /**
     * Returns the result if the server has not run the command, and its memory is not changed.
     *
     * @param why the reason, for the user
     * @param rss the physical memory of the server, bytes; 0 if unknown
     */
    static Purge notDone(String why, long rss) {
        return new Purge(/* done= */ false, why, /* rssBefore= */ rss, /* rssAfter= */ rss);
    }
}
