package io.keysweep.engine.link;

import java.time.Duration;
import java.util.List;

/**
 * What came back for one write.
 *
 * @param replies one for each command, in order
 * @param roundTrip from before the write, or from the last reply to what was sent before if that came later, until
 *     the last reply was read
 */
public record Exchange(List<Reply> replies, Duration roundTrip) {

    public Exchange {
        replies = List.copyOf(replies);
    }
}
