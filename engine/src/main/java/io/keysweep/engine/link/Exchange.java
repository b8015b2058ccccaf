package io.keysweep.engine.link;

import java.time.Duration;
import java.util.List;

/**
 * Holds the replies to the commands of one write, and the time they took, from which callers derive the server's load.
 *
 * @param replies one reply for each command, in the order of the commands
 * @param roundTrip the time from the write until the last of these replies was read. If replies to the previous write
 *     were still missing at the write, the time begins when the last of them was read, because the server was busy
 *     with the previous write until then
 */
public record Exchange(List<Reply> replies, Duration roundTrip) {

    public Exchange {
        replies = List.copyOf(replies);
    }
}
