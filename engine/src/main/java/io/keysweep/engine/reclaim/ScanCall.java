package io.keysweep.engine.reclaim;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.Reply;
import java.util.ArrayList;
import java.util.List;

/**
 * Creates the SCAN of a step and reads its reply, for {@link TransactionStep} and {@link PipelineStep}.
 *
 * <p>A step is one SCAN between two DBSIZE calls. The second DBSIZE is smaller by the number of expired keys that the
 * server removed during SCAN.
 *
 * @param sendsNames whether the server sends the names of live keys. If false, SCAN has the filter {@code TYPE stream},
 *     a type that few keys have. Some servers then still reclaim expired keys of all types, but return almost no names.
 *     Without names, live keys cannot be counted
 */
record ScanCall(boolean sendsNames) {

    /** The type that filters out nearly all names. It must be a real type, because servers may reject others. */
    private static final String RARE_TYPE = "stream";

    /** A cursor that every server rejects. The kind of the error shows whether the user may run SCAN at all. */
    private static final String INVALID_CURSOR = "probe";

    /** Returns the SCAN from a cursor, an unsigned number, that visits about {@code count} keys. */
    Command command(long cursor, int count) {
        return command(Long.toUnsignedString(cursor), count);
    }

    /**
     * Returns a SCAN that never touches a key. It fails with "invalid cursor" if the user may run SCAN, and otherwise
     * with an error about the permission.
     */
    Command probe() {
        return command(INVALID_CURSOR, /* count= */ 1);
    }

    private Command command(String cursor, int count) {
        List<String> words = new ArrayList<>(List.of("SCAN", cursor, "COUNT", Integer.toString(count)));
        if (!sendsNames) {
            words.addAll(List.of("TYPE", RARE_TYPE));
        }
        // The reply is a cursor and an array of names; the names are only counted.
        return new Command(words).keeping(/* depth= */ 1);
    }

    /**
     * Returns the outcome of a step, given the replies to DBSIZE, SCAN and DBSIZE. The outcome has no busy time, since
     * no server reports it.
     *
     * @param count the COUNT of the SCAN
     * @param mostReclaimed the largest number of keys that the SCAN can have removed; what others have deleted beyond
     *     it is not counted
     * @throws io.keysweep.engine.link.UnexpectedReplyException if one of the replies is an error or has another type
     */
    StepOutcome outcome(Reply sizeBefore, Reply scanReply, Reply sizeAfter, int count, long mostReclaimed) {
        List<Reply> parts = scanReply.items(2);
        long cursor = parts.get(0).unsigned();
        // The number of names is read even if the scan sends none, because size() refuses a reply without an array,
        // which no real server sends.
        int names = parts.get(1).size();
        // During a pipeline, other clients may add more keys than the step removes. The count is then 0, not negative.
        long reclaimedKeys = Math.clamp(sizeBefore.number() - sizeAfter.number(), 0, mostReclaimed);
        // Without names, the number of live keys is unknown. The requested COUNT replaces it, limited to all keys.
        long visitedKeys =
                sendsNames ? names + reclaimedKeys : Math.max(reclaimedKeys, Math.min(count, sizeBefore.number()));
        return new StepOutcome(cursor, visitedKeys, reclaimedKeys, /* busy= */ null);
    }
}
