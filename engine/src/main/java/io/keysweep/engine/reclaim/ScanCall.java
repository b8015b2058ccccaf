package io.keysweep.engine.reclaim;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.Reply;
import java.util.ArrayList;
import java.util.List;

/**
 * The SCAN of a step and how its reply is read.
 *
 * @param namesSent whether live keys come back. Else the scan is filtered by a type that few keys have, which on some
 *     servers reclaims all the same but returns next to no names; then live keys cannot be counted.
 */
record ScanCall(boolean namesSent) {

    /** A type that exists, as servers may reject others, and that is rare. */
    private static final String RARE_TYPE = "stream";

    /** A cursor that every server rejects before it touches a key: tells whether a step would be allowed. */
    private static final String NO_CURSOR = "probe";

    Command scan(long cursor, int count) {
        return scan(Long.toUnsignedString(cursor), count);
    }

    Command probe() {
        return scan(NO_CURSOR, 1);
    }

    private Command scan(String cursor, int count) {
        List<String> words = new ArrayList<>(List.of("SCAN", cursor, "COUNT", Integer.toString(count)));
        if (!namesSent) {
            words.addAll(List.of("TYPE", RARE_TYPE));
        }
        // A cursor and an array of names, which nobody reads.
        return new Command(words).keeping(1);
    }

    /** The outcome of a step, given the replies to DBSIZE, SCAN and DBSIZE. */
    StepOutcome outcome(Reply before, Reply page, Reply after, int count) {
        List<Reply> parts = page.items(2);
        long cursor = Long.parseUnsignedLong(parts.get(0).text());
        // Only a pipeline can see the database grow between the two; that is never a negative count.
        long reclaimed = Math.max(0, before.number() - after.number());
        long visited =
                namesSent ? parts.get(1).size() + reclaimed : Math.max(reclaimed, Math.min(count, before.number()));
        return new StepOutcome(cursor, visited, reclaimed, null);
    }
}
