package io.keysweep.engine.assist;

import io.keysweep.engine.assist.AssistDriver.AssistOutcome;
import io.keysweep.engine.assist.AssistReport.AssistEnding;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.ServerErrors;
import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.reclaim.MethodSelector;
import io.keysweep.engine.sweep.RunLimits;
import io.keysweep.engine.sweep.ServerStatus;
import io.keysweep.engine.sweep.Timing;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Watches one server for {@link AssistDriver}: reads INFO, probes the latency while it waits, and keeps the latest
 * reading.
 *
 * <p>The driver raises settings for a while, so that the server's own expiry cycle removes more expired keys, and must
 * see how the server bears it. Methods that send commands throw {@link io.keysweep.engine.link.LinkBrokenException} if
 * the connection breaks. Used by one thread.
 */
final class CycleWatch {

    private final ServerErrors errors;
    private final NodeLink link;
    private final RunLimits limits;
    private final AssistLoad load;
    private final AssistTally tally;

    CycleWatch(ServerErrors errors, NodeLink link, RunLimits limits, AssistLoad load, AssistTally tally) {
        this.errors = errors;
        this.link = link;
        this.limits = limits;
        this.load = load;
        this.tally = tally;
    }

    /** Reads all of INFO, and stores its figures about the expiry cycle as the latest reading. */
    ServerInfo read() {
        long sentAt = timing().nanoTime().getAsLong();
        ServerInfo info = ServerInfo.read(link, errors, MethodSelector.neededCommands());
        tally.observe(CycleReading.of(info, sentAt));
        return info;
    }

    /** Returns the latest reading of INFO. */
    CycleReading reading() {
        return tally.last();
    }

    AssistLoad load() {
        return load;
    }

    RunLimits limits() {
        return limits;
    }

    Timing timing() {
        return limits.timing();
    }

    /** Returns why a user or a rule has paused assist; null if it is not paused. */
    @Nullable String pauseReason() {
        return limits.control().pauseReason();
    }

    /** Returns whether assist is no longer allowed, so that it must end. */
    boolean isForbidden() {
        return limits.control().assistForbidden();
    }

    /** Returns the ending if INFO shows a server that is no longer a primary or is loading its data; otherwise null. */
    @Nullable AssistOutcome endIfLost(ServerInfo info) {
        return new ServerStatus(info)
                .refusal(errors.nodeId())
                .map(refusal -> new AssistOutcome(AssistEnding.LOST, String.valueOf(refusal.getMessage())))
                .orElse(null);
    }

    /**
     * Waits, and probes the latency about every 50 ms, at least once. The round trips of the probes are part of the
     * wait. The wait ends early after a cancel, at the deadline, in a pause, or if assist becomes forbidden.
     */
    void waitProbing(Duration time) throws InterruptedException {
        long began = timing().nanoTime().getAsLong();
        Duration remaining = time;
        do {
            if (remaining.isPositive()) {
                timing().sleeper()
                        .sleep(
                                remaining.compareTo(AssistPace.SHORTEST_PHASE) > 0
                                        ? AssistPace.SHORTEST_PHASE
                                        : remaining);
            }
            load.probe();
            remaining = time.minus(timing().since(began));
        } while (remaining.isPositive() && limits.ending() == null && pauseReason() == null && !isForbidden());
    }
}
