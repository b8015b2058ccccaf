package io.keysweep.engine.assist;

import io.keysweep.engine.assist.AssistReport.AssistEnding;
import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.pacing.ThrottleState.ThrottleDecision;
import io.keysweep.engine.sweep.ServerStatus;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepReport;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Raises the expiry settings of one server and lowers them again, in turns, until assist gains too little or must end.
 *
 * <p>With the raised settings, the server's own expiry cycle removes more expired keys, see {@link Assist}. A turn has
 * these phases:
 *
 * <ol>
 * <li>Raise the settings.
 * <li>Wait, while a probe (a DBSIZE, see {@link AssistLoad}) measures the latency every 50 ms.
 * <li>Read INFO and the settings, and decide whether to end, to hold or to continue.
 * <li>Rest: lower the settings to their former values for a while, if assist would otherwise exceed its share, the part
 * of the main thread's time that it may take.
 * </ol>
 *
 * <p>{@link AssistPacer} decides how long the phases last, and {@link AssistPayoff} when assist gains too little.
 * {@link BacklogKeeping} can overrule {@link AssistPayoff} while assist keeps the backlog below a limit. Over a long
 * distance the round trips of the commands keep the settings raised for longer than planned. So {@link TurnClock}
 * measures for how long they were raised, and the rest lasts accordingly.
 *
 * <p>{@link AssistHolds} makes the holds, and {@link CycleWatch} reads the server.
 *
 * <p>Private methods that return a {@link AssistOutcome} return null while assist continues. Settings may still be
 * raised when the driver ends; its caller, {@link AssistRun}, restores the former values. Used by one thread.
 */
final class AssistDriver {

    /** The reason, for the user, if assist ends because it is no longer allowed on this server. */
    private static final String FORBIDDEN = "the instance no longer allows it";

    /** The longest time at the raised settings until the expiry cycle must have taken time, s. */
    private static final double MAX_SECONDS_WITHOUT_CYCLE = 5;

    /**
     * The number of keys with a TTL from which each cycle at the raised settings samples 65 keys. INFO shows whole
     * milliseconds: with one key alone, 2,000 cycles took only 2 ms (Redis 6.0 and 7.0), and less on a faster machine.
     */
    private static final long MIN_KEYS_FOR_CYCLE = 100;

    /** The reason, for the user, if the expiry cycle has taken no time by then. */
    private static final String SWITCHED_OFF =
            "the server's own expiry has taken no time for 5 s; it seems to be switched off (DEBUG SET-ACTIVE-EXPIRE 0)";

    /** Contains the ending of assist, and the reason as part of a sentence for the user. */
    record AssistOutcome(AssistEnding ending, String reason) {}

    private final CycleWatch watch;
    private final RaisableSettings settings;
    private final AssistHolds holds;
    private final AssistTally tally;
    private final AssistListener listener;
    private PacePolicy policy;
    private AssistPace pace = AssistPace.FIRST;
    private final BacklogKeeping keeping;
    private AssistPayoff payoff = AssistPayoff.START;

    /** Whether the server's expiry cycle has taken time at the raised settings, or its time is not known. */
    private boolean cycleHasRun;

    /** The activity of the server without assist, by the latest measurement. */
    private UsualActivity usual = UsualActivity.UNKNOWN;

    private final TurnClock clock;

    /** The change of pace that was applied last; null before the first. */
    private SweepControl.@Nullable Retune appliedRetune;

    AssistDriver(
            CycleWatch watch,
            RaisableSettings settings,
            AssistHolds holds,
            PacePolicy policy,
            @Nullable BacklogLimit limit,
            AssistTally tally,
            AssistListener listener) {
        this.watch = watch;
        this.settings = settings;
        this.holds = holds;
        this.policy = policy;
        this.keeping = new BacklogKeeping(limit, tally.first().at());
        this.clock = new TurnClock(watch.timing(), settings);
        this.tally = tally;
        this.listener = listener;
    }

    /**
     * Raises and lowers the settings until assist ends. Settings may still be raised when it returns.
     *
     * @throws io.keysweep.engine.link.LinkBrokenException if the connection breaks
     * @throws io.keysweep.engine.link.UnexpectedReplyException if a reply makes no sense
     * @throws io.keysweep.engine.topology.NodeRefusedException if the server answers INFO with an error
     * @throws InterruptedException if the thread is interrupted
     */
    AssistOutcome run() throws InterruptedException {
        // Without this measurement, the first turn would count all work of the server as the cost of assist.
        AssistOutcome result = measureUsualActivity(AssistPace.CONTROL_PERIOD);
        while (result == null) {
            result = makeTurn();
        }
        return result;
    }

    /** Makes one turn, or holds instead of it while assist is paused. */
    private @Nullable AssistOutcome makeTurn() throws InterruptedException {
        AssistOutcome demandedOutcome = demandedEnding();
        if (demandedOutcome != null) {
            return demandedOutcome;
        }
        applyRetune();
        if (watch.pauseReason() != null) {
            return holds.holdWhilePaused();
        }

        AssistOutcome raiseProblem = settings.raise();
        if (raiseProblem != null) {
            return raiseProblem;
        }
        watch.waitProbing(clock.beginTurn(pace, watch.reading().at()));
        clock.beginDecision();
        return decideAfterRaised();
    }

    /**
     * Returns the ending after a cancel, after the deadline, or if assist is no longer allowed; null in other cases.
     */
    private @Nullable AssistOutcome demandedEnding() throws InterruptedException {
        SweepReport.Ending ending = watch.limits().ending();
        if (ending == null) {
            return watch.isForbidden() ? new AssistOutcome(AssistEnding.REFUSED, FORBIDDEN) : null;
        }
        return ending == SweepReport.Ending.CANCELLED
                ? new AssistOutcome(AssistEnding.CANCELLED, "it was cancelled")
                : new AssistOutcome(AssistEnding.TIMED_OUT, "its time limit was reached");
    }

    /** Applies the latest change of pace, if it is new. */
    private void applyRetune() {
        SweepControl.Retune retune = watch.limits().control().latestRetune();
        if (retune != null && isRetuned()) {
            appliedRetune = retune;
            policy = retune.pace();
            watch.load().retune(policy);
        }
    }

    /** Evaluates the time at the raised settings that has just ended, and then ends, holds, rests or continues. */
    private @Nullable AssistOutcome decideAfterRaised() throws InterruptedException {
        CycleReading readingBefore = watch.reading();
        ServerInfo info = watch.read();
        AssistOutcome loss = watch.endIfLost(info);
        if (loss != null) {
            return loss;
        }

        // There are two measurements of the cost, and the higher one is used. Not every server reports the time of its
        // expiry cycle, and this time lacks other work that a higher hz makes more costly. The CPU time beyond the
        // usual share includes both, but is too low if other clients have become less busy since then.
        CycleReading reading = watch.reading();
        double share = Math.max(
                reading.cycleShareSince(readingBefore), reading.totalShareSince(readingBefore) - usual.share());
        AssistSample sample = sample(readingBefore, reading, share);
        tally.add(sample);
        settings.countUntil(reading);
        listener.onProgress(tally.progress());
        payoff = payoff.with(sample);
        cycleHasRun |= reading.cycleMillis().isEmpty() || !reading.cycleMillis().equals(readingBefore.cycleMillis());

        boolean keepsBacklogLow = keeping.addAndDecide(reading.at(), sample, payoff.keysPerMilli());
        AssistOutcome outcome = payoffOutcome(keepsBacklogLow);
        return outcome != null ? outcome : giveWayOrContinue(info, sample);
    }

    /** Returns the ending if assist gains too little, or the server's expiry cycle does not run; otherwise null. */
    private @Nullable AssistOutcome payoffOutcome(boolean keepsBacklogLow) {
        AssistEnding ending = payoff.ending();
        if (!cycleHasRun && watch.reading().volatileKeys() >= MIN_KEYS_FOR_CYCLE) {
            // The estimate of dead keys is of no use, because the cycle has taken no sample for it.
            return payoff.raisedSeconds() < MAX_SECONDS_WITHOUT_CYCLE
                    ? null
                    : new AssistOutcome(AssistEnding.REFUSED, SWITCHED_OFF);
        }
        return ending == null || (ending != AssistEnding.NOTHING_LEFT && keepsBacklogLow)
                ? null
                : new AssistOutcome(ending, reason(ending));
    }

    /**
     * Ends or holds if the throttle or the server's state demands it. Otherwise sets the pace of the next turn, and
     * rests at the former settings if the share demands it.
     */
    private @Nullable AssistOutcome giveWayOrContinue(ServerInfo info, AssistSample sample)
            throws InterruptedException {
        AssistLoad load = watch.load();
        ThrottleDecision decision = load.update(info, busy(sample), load.factor());
        if (decision instanceof ThrottleDecision.Stop stop) {
            return new AssistOutcome(AssistEnding.OVERLOADED, stop.reason());
        }
        if (decision instanceof ThrottleDecision.HoldSteps hold) {
            return holds.holdWhileLimited(hold);
        }
        Optional<String> obstacle = new ServerStatus(info).obstacle();
        if (obstacle.isPresent()) {
            return holds.holdWhileObstructed(obstacle.get());
        }

        double share = sample.busySeconds() / sample.seconds();
        pace = new AssistPacer(policy.shareCeiling()).next(pace, share, load.factor());
        // A rest begins with a reading of the settings, too.
        return pace.restFor().isZero() && !mustMeasureUsualActivity() ? settings.requireRaised() : rest();
    }

    /**
     * Creates the sample of the raised part of the time between two readings.
     *
     * @param share the part of the main thread's time that assist took between the readings, 0 to 1
     */
    private AssistSample sample(CycleReading readingBefore, CycleReading reading, double share) {
        double seconds = reading.secondsSince(readingBefore);
        double raisedSeconds = clock.raisedSeconds(reading);
        return new AssistSample(
                raisedSeconds,
                usual.gained(readingBefore, reading),
                // What happened in the other part counts as well, so that the cost is not too low.
                Math.min(raisedSeconds, share * seconds),
                reading.estimatedDead().orElse(-1),
                reading.stalePercent().orElse(0),
                reading.volatileKeys());
    }

    private static Duration busy(AssistSample sample) {
        return Duration.ofNanos((long) (sample.busySeconds() * 1e9));
    }

    /** Returns the reason of an ending of {@link AssistPayoff}, as a sentence for the user. */
    private String reason(AssistEnding ending) {
        return switch (ending) {
            case NOTHING_LEFT -> "no key with a TTL is left";
            case LITTLE_LEFT ->
                keeping.success()
                        .orElse(
                                payoff.keysPerMilli() == 0
                                        ? "the server finds no more expired keys"
                                        : "the server finds few expired keys by now");
            default ->
                keeping.success()
                        .orElse("the backlog no longer falls: about as many keys expire as the server reclaims");
        };
    }

    private boolean mustMeasureUsualActivity() {
        return usual.isOld(watch.reading().at());
    }

    /**
     * Lowers the settings for as long as the share demands after this turn, and long enough for a measurement that is
     * due. A change of the pace ends the rest.
     */
    private @Nullable AssistOutcome rest() throws InterruptedException {
        AssistOutcome lowerProblem = settings.lower();
        if (lowerProblem != null) {
            return lowerProblem;
        }
        Duration time = clock.restTime(pace);
        boolean isTooShort = time.compareTo(AssistPace.CONTROL_PERIOD) < 0;
        if (isTooShort && !mustMeasureUsualActivity()) {
            return waitLowered(time);
        }
        return measureUsualActivity(isTooShort ? AssistPace.CONTROL_PERIOD : time);
    }

    /** Waits for a time at the former settings, and measures what the server does without assist. */
    private @Nullable AssistOutcome measureUsualActivity(Duration time) throws InterruptedException {
        // The last reading is from before the change, so it would include time at the raised settings.
        watch.read();
        CycleReading readingBefore = watch.reading();
        AssistOutcome loss = waitLowered(time);
        usual = usual.measuredAgain(readingBefore, watch.reading());
        return loss;
    }

    /** Waits for a time, at most until the pace is changed, and then reads the server. */
    private @Nullable AssistOutcome waitLowered(Duration time) throws InterruptedException {
        long began = watch.timing().nanoTime().getAsLong();
        Duration remaining = time;
        while (remaining.isPositive() && !isRetuned() && demandedEnding() == null && watch.pauseReason() == null) {
            watch.waitProbing(
                    remaining.compareTo(AssistPace.CONTROL_PERIOD) < 0 ? remaining : AssistPace.CONTROL_PERIOD);
            remaining = time.minus(watch.timing().since(began));
        }
        return watch.endIfLost(watch.read());
    }

    private boolean isRetuned() {
        SweepControl.Retune retune = watch.limits().control().latestRetune();
        return retune != null && !retune.equals(appliedRetune);
    }
}
