package io.keysweep.engine.sweep;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.Exchange;
import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Connects a sweep to a {@link SimulatedServer} over a simulated network, and breaks when a test wants it.
 *
 * <p>A near server runs commands at the moment when the sweep awaits the reply. A distant one runs them when they
 * arrive.
 */
final class SimulatedLink implements NodeLink {

    /** The time of a command and its reply on the network, for a near server. */
    private static final Duration ROUND_TRIP = Duration.ofNanos(100_000);

    private final SimulatedServer server;

    private boolean closed;

    /**
     * True once a reply of a distant server was lost. No later reply arrives, and the link breaks when one is awaited.
     */
    private boolean repliesLost;

    /** True once this link is counted in {@link SimulatedServer#links}. */
    private boolean counted;

    SimulatedLink(SimulatedServer server) {
        this.server = server;
    }

    @Override
    public Sent send(List<Command> commands) {
        if (closed || !server.reachable) {
            throw new LinkBrokenException("connection broke");
        }
        int steps = SimulatedStep.isStep(commands.getFirst()) ? 1 : 0;
        server.inFlight += steps;
        server.maxInFlight = Math.max(server.maxInFlight, server.inFlight);
        if (server.oneWay.isPositive()) {
            return sendFar(commands, steps);
        }
        return () -> {
            server.inFlight -= steps;
            server.serverNanos = server.clock.nanoTime();
            return answer(commands);
        };
    }

    /**
     * Makes a distant server run the commands when they arrive, and advances the clock when the reply is awaited. After
     * a lost reply, the server still runs the commands.
     */
    private Sent sendFar(List<Command> commands, int steps) {
        long sentAt = server.clock.nanoTime();
        server.lastArrivalAt = Math.max(
                server.lastArrivalAt,
                sentAt + server.oneWay.plus(server.jitter.get()).toNanos());
        server.serverNanos = Math.max(server.freeAt, server.lastArrivalAt);
        List<Reply> replies = new ArrayList<>();
        try {
            Duration cost = run(commands, replies);
            server.freeAt = server.serverNanos + cost.toNanos();
        } catch (LinkBrokenException e) {
            repliesLost = true;
        }
        long repliedAt = server.freeAt + server.oneWay.toNanos();
        boolean isReplyLost = repliesLost;
        return () -> {
            server.inFlight -= steps;
            closed |= isReplyLost;
            if (closed) {
                throw new LinkBrokenException("connection broke");
            }
            server.clock.advance(Duration.ofNanos(Math.max(0, repliedAt - server.clock.nanoTime())));
            return new Exchange(replies, Duration.ofNanos(server.clock.nanoTime() - sentAt));
        };
    }

    /** Makes a near server run the commands now, and advances the clock until the reply is there. */
    private Exchange answer(List<Command> commands) {
        closed |= server.breakNextLink;
        server.breakNextLink = false;
        if (closed || !server.reachable) {
            throw new LinkBrokenException("connection broke");
        }
        List<Reply> replies = new ArrayList<>();
        Duration roundTrip = ROUND_TRIP.plus(run(commands, replies));
        server.clock.advance(roundTrip);
        return new Exchange(replies, roundTrip);
    }

    /** Runs commands, adds their replies, and returns the time that they take. */
    private Duration run(List<Command> commands, List<Reply> replies) {
        Duration cost = Duration.ZERO;
        for (Command command : commands) {
            countLinkOfSession(command);
            if (SimulatedStep.isStep(command)) {
                cost = cost.plus(server.run(SimulatedStep.of(command), replies));
            } else {
                cost = command.name().equals("DBSIZE") ? cost.plus(server.latency) : cost;
                replies.add(server.otherReplies.to(command));
            }
        }
        return cost;
    }

    /** Counts only links that are used for steps, not links that only check where a connection leads. */
    private void countLinkOfSession(Command command) {
        if (command.name().equals("EVAL") && !counted) {
            counted = true;
            server.links++;
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
