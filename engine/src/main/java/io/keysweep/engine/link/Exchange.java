package io.keysweep.engine.link;

import java.time.Duration;
import java.util.List;

/**
 * Holds the replies to the commands of one write, and the time they took, from which callers derive the server's load.
 *
 * @param replies one reply for each command, in the order of the commands
 * @param roundTrip the time until the last of these replies was read. It is counted from the write. If replies to the
 *     previous write arrived after that, it is counted from the last of those
 */
public record Exchange(List<Reply> replies, Duration roundTrip) {

    public Exchange {
        replies = List.copyOf(replies);
    }
}
