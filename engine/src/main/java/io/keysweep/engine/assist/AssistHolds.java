package io.keysweep.engine.assist;

import io.keysweep.engine.assist.AssistDriver.AssistOutcome;
import io.keysweep.engine.assist.AssistReport.AssistEnding;
import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.pacing.ThrottleState.ThrottleDecision;
import io.keysweep.engine.sweep.HoldCause;
import io.keysweep.engine.sweep.ServerStatus;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepListener;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes the holds of {@link AssistDriver}: lowers the settings and waits until the cause of the hold is over.
 *
 * <p>Assist raises settings of a server for a while, so that the server itself removes more expired keys. During a hold
 * of assist the server has its former settings, although assist has not ended. Causes are a pause, a load above a hard
 * limit, and a server that reclaims nothing at present.
 *
 * <p>The share of the server's time that {@link AssistPacer} limits does not include holds. Used by one thread.
 */
final class AssistHolds {

    /**
     * The interval of probes in a pause. Servers (setting {@code timeout}) and networks close connections without
     * traffic, usually after a minute or later.
     */
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

    private final CycleWatch watch;
    private final RaisableSettings settings;
    private final SweepListener listener;

    /** The longest hold because of the server's state; after it, assist ends. */
    private final Duration patience;

    /** When the last probe in a pause was sent, or the pause began, by {@code Timing.nanoTime}. */
    private long probedAt;

    AssistHolds(CycleWatch watch, RaisableSettings settings, SweepListener listener, Duration patience) {
        this.watch = watch;
        this.settings = settings;
        this.listener = listener;
        this.patience = patience;
    }

    /**
     * Holds until the pause is over.
     *
     * @return how assist ends; null if it continues
     */
    @Nullable AssistOutcome holdWhilePaused() throws InterruptedException {
        return hold(
                String.valueOf(watch.pauseReason()), HoldCause.REQUEST, () -> Optional.ofNullable(watch.pauseReason()));
    }

    /**
     * Holds while the throttle demands it because a load signal is above its hard limit; ends assist when the throttle
     * decides to stop.
     *
     * @param firstDecision the decision that begins the hold
     * @return how assist ends; null if it continues
     */
    @Nullable AssistOutcome holdWhileLimited(ThrottleDecision.HoldSteps firstDecision) throws InterruptedException {
        // The lambda must set the text, so it is in an array. The text is empty while the throttle has not decided to
        // stop.
        String[] stopReason = {""};
        AssistOutcome result = hold(firstDecision.reason(), HoldCause.SERVER, () -> {
            ThrottleDecision decision = watch.load().update(watch.read(), Duration.ZERO, /* usedFactor= */ 0);
            if (decision instanceof ThrottleDecision.Stop stop) {
                stopReason[0] = stop.reason();
            }
            return decision instanceof ThrottleDecision.HoldSteps hold ? Optional.of(hold.reason()) : Optional.empty();
        });
        return result == null && !stopReason[0].isEmpty()
                ? new AssistOutcome(AssistEnding.OVERLOADED, stopReason[0])
                : result;
    }

    /**
     * Holds while the server reclaims nothing, for example because writes are paused. Ends assist when the patience,
     * the longest time of such a hold, is over.
     *
     * @param firstObstacle why the server reclaims nothing at the beginning of the hold
     * @return how assist ends; null if it continues
     */
    @Nullable AssistOutcome holdWhileObstructed(String firstObstacle) throws InterruptedException {
        long began = watch.timing().nanoTime().getAsLong();
        // The lambda must set the flag, so it is in an array.
        boolean[] isPatienceOver = {false};
        AssistOutcome result = hold(firstObstacle, HoldCause.SERVER, () -> {
            isPatienceOver[0] = watch.timing().since(began).compareTo(patience) >= 0;
            return isPatienceOver[0] ? Optional.empty() : new ServerStatus(watch.read()).obstacle();
        });
        return result == null && isPatienceOver[0] ? new AssistOutcome(AssistEnding.OVERLOADED, firstObstacle) : result;
    }

    /** Checks in a hold whether its cause is over. */
    @FunctionalInterface
    private interface HoldCheck {
        /** Returns the reason why the hold continues, for the user; empty if its cause is over. */
        Optional<String> check() throws InterruptedException;
    }

    /**
     * Lowers the settings, and waits until the cause is over, assist is cancelled, or the deadline passes. A pause ends
     * a hold of another cause, so that the pause is then reported as a hold of its own.
     *
     * @param firstReason the reason at the beginning, for the user
     * @param cause the kind of cause
     * @param check called after each wait
     * @return how assist ends; null if it continues
     */
    private @Nullable AssistOutcome hold(String firstReason, HoldCause cause, HoldCheck check)
            throws InterruptedException {
        AssistOutcome lowerProblem = settings.lower();
        if (lowerProblem != null) {
            return lowerProblem;
        }
        listener.onEvent(new SweepEvent.HoldBegan(firstReason, cause));
        try {
            waitUntilOver(firstReason, cause, check);
        } finally {
            // After a broken connection, assist may continue over a new one.
            listener.onEvent(new SweepEvent.HoldEnded());
        }
        ServerInfo info = watch.read();
        watch.load().resume(info);
        // A hold can last for hours, in which a failover may have made the server a replica.
        return watch.endIfLost(info);
    }

    private void waitUntilOver(String firstReason, HoldCause cause, HoldCheck check) throws InterruptedException {
        probedAt = watch.timing().nanoTime().getAsLong();
        String reportedReason = firstReason;
        Optional<String> currentReason = Optional.of(firstReason);
        while (currentReason.isPresent()
                && watch.limits().ending() == null
                && !watch.isForbidden()
                && (cause == HoldCause.REQUEST || watch.pauseReason() == null)) {
            if (!currentReason.get().equals(reportedReason)) {
                reportedReason = currentReason.get();
                listener.onEvent(new SweepEvent.HoldBegan(reportedReason, cause));
            }
            waitInHold(cause);
            currentReason = check.check();
        }
    }

    private void waitInHold(HoldCause cause) throws InterruptedException {
        // A pause ends by a request alone, so it needs no probe of the server's load, except to keep the connection.
        if (cause == HoldCause.REQUEST) {
            watch.limits().waitBriefly();
            if (watch.timing().since(probedAt).compareTo(KEEP_ALIVE) >= 0) {
                watch.load().probe();
                probedAt = watch.timing().nanoTime().getAsLong();
            }
        } else {
            watch.waitProbing(AssistPace.CONTROL_PERIOD);
        }
    }
}
