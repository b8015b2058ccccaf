package io.keysweep.engine.sweep;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.Exchange;
import io.keysweep.engine.link.NodeLink;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Passes commands on to another link, and remembers the shortest round trip of its calls.
 *
 * <p>The inspection at the beginning of a sweep sends its calls through such a link. Their shortest round trip shows
 * whether the server is distant. Assist sends changes of settings through such a link, to know how late the server makes
 * them. Used by one thread.
 */
public final class TimedLink implements NodeLink {

    private final NodeLink link;

    private Optional<Duration> shortest = Optional.empty();

    /** Creates a link whose commands go through another link. */
    public TimedLink(NodeLink link) {
        this.link = link;
    }

    @Override
    public Sent send(List<Command> commands) {
        Sent pendingReplies = link.send(commands);
        return () -> {
            Exchange exchange = pendingReplies.await();
            shortest = shortest.filter(shortestSoFar -> shortestSoFar.compareTo(exchange.roundTrip()) <= 0)
                    .or(() -> Optional.of(exchange.roundTrip()));
            return exchange;
        };
    }

    /** Returns the shortest round trip of a call; empty before the first reply. */
    public Optional<Duration> shortest() {
        return shortest;
    }

    @Override
    public void close() {
        link.close();
    }
}
