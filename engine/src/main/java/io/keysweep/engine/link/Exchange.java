package io.keysweep.engine.link;

import java.time.Duration;
import java.util.List;

/**
 * Holds the replies to the commands of one write, and how long they took.
 *
 * @param replies one reply for each command, in the same order
 * @param roundTrip time until the last reply was read; counted from the write, or from the last reply to the previous
 *     write if that came later
 */
public record Exchange(List<Reply> replies, Duration roundTrip) {

    public Exchange {
        replies = List.copyOf(replies);
    }
}
