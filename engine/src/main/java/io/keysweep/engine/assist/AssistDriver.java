package io.keysweep.engine.assist;

import io.keysweep.engine.assist.AssistReport.Ending;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.ServerErrors;
import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.pacing.ThrottleState.ThrottleDecision;
import io.keysweep.engine.reclaim.MethodSelector;
import io.keysweep.engine.sweep.HoldCause;
import io.keysweep.engine.sweep.RunLimits;
import io.keysweep.engine.sweep.ServerStatus;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepListener;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.Timing;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Raises the expiry settings of one server and lowers them again, in turns, until that no longer pays or must end.
 *
 * <p>To raise a setting is to give it the value that drives the server's own expiry cycle harder; see {@link Assist}.
 * One turn has these phases: raise the settings, wait while a probe (a DBSIZE, see {@link AssistLoad}) measures the
 * latency every 50 ms, read INFO and the settings, decide, and rest at the former settings if the share (the part of
 * the main thread's time that assist may take) demands it. {@link AssistPacer} says how long the phases last, and
 * {@link AssistPayoff} when assist no longer pays. A pause, a load above a hard limit, and a server that reclaims
 * nothing at present are holds: times at the former settings until the cause is over.
 *
 * <p>Private methods that return a {@link Result} return null while assist goes on. The driver can end with raised
 * settings; its caller, {@link AssistRun}, puts the former ones back. Used by one thread.
 */
final class AssistDriver {

    /** Says how assist has ended, and why, as part of a sentence for the user. */
    record Result(Ending ending, String reason) {}

    private final ServerErrors errors;
    private final NodeLink link;
    private final RunLimits limits;

    /** The longest hold because of the server's state; after it, assist ends. */
    private final Duration patience;

    private final SweepListener holdListener;
    private final RaisableSettings settings;
    private final AssistLoad load;
    private final AssistTally tally;
    private PacePolicy policy;
    private AssistPace pace = AssistPace.FIRST;
    private AssistPayoff payoff = AssistPayoff.START;

    /** The latest reading of INFO. */
    private CycleReading reading;

    /** The part of the main thread's time that the server used in the last rest, at the former settings; 0 to 1. */
    private double usualShare;

    /** The change of pace that was applied last; null before the first. */
    private SweepControl.@Nullable Retune appliedRetune;

    AssistDriver(
            ServerErrors errors,
            NodeLink link,
            RunLimits limits,
            PacePolicy policy,
            Duration patience,
            SweepListener holdListener,
            RaisableSettings settings,
            AssistTally tally) {
        this.errors = errors;
        this.link = link;
        this.limits = limits;
        this.policy = policy;
        this.patience = patience;
        this.holdListener = holdListener;
        this.settings = settings;
        this.tally = tally;
        load = new AssistLoad(timing(), link, policy);
        reading = tally.last();
    }

    /**
     * Raises and lowers the settings until an ending, which can leave them raised.
     *
     * @throws io.keysweep.engine.link.LinkBrokenException if the connection breaks
     * @throws io.keysweep.engine.link.UnexpectedReplyException if a reply makes no sense
     * @throws io.keysweep.engine.topology.NodeRefusedException if the server answers INFO with an error
     * @throws InterruptedException if the thread is interrupted
     */
    Result run() throws InterruptedException {
        // Without the usual share, the first turn would count all work of the server as the cost of assist.
        Result result = rest(AssistPace.CONTROL_PERIOD);
        while (result == null) {
            result = turn();
        }
        return result;
    }

    /** Makes one turn, or holds in place of it while assist is paused. */
    private @Nullable Result turn() throws InterruptedException {
        Result demanded = demandedEnding();
        if (demanded != null) {
            return demanded;
        }
        applyRetune();
        if (limits.control().pauseReason() != null) {
            return holdWhilePaused();
        }

        Result notRaised = settings.raise();
        if (notRaised != null) {
            return notRaised;
        }
        waitProbing(pace.raiseFor());
        return afterRaised();
    }

    /** Returns the ending after a cancel or the deadline. */
    private @Nullable Result demandedEnding() throws InterruptedException {
        SweepReport.Ending ending = limits.ending();
        if (ending == null) {
            return null;
        }
        return ending == SweepReport.Ending.CANCELLED
                ? new Result(Ending.CANCELLED, "it was cancelled")
                : new Result(Ending.TIMED_OUT, "its time limit was reached");
    }

    /** Applies the latest change of pace, if it is new. */
    private void applyRetune() {
        SweepControl.Retune retune = limits.control().latestRetune();
        if (retune != null && !retune.equals(appliedRetune)) {
            appliedRetune = retune;
            policy = retune.pace();
            load.retune(policy);
        }
    }

    /** Measures the time at the raised settings that is over, and decides whether to end, hold, rest or go on. */
    private @Nullable Result afterRaised() throws InterruptedException {
        CycleReading before = reading;
        ServerInfo info = read();
        Result lost = lost(info);
        if (lost != null) {
            return lost;
        }

        // Not every server reports the time of its expiry cycle, and hz raises the cost of other work too. The growth
        // of the CPU time shows both, but also the work of other clients, which may have become less meanwhile.
        double share = Math.max(reading.cycleShareSince(before), reading.totalShareSince(before) - usualShare);
        AssistSample sample = sample(before, share);
        tally.add(sample);
        payoff = payoff.with(sample);

        Ending ending = payoff.ending();
        if (ending != null) {
            return new Result(ending, reason(ending));
        }
        String changed = settings.changedByOthers();
        if (changed != null) {
            return new Result(Ending.CHANGED_BY_OTHERS, changed);
        }

        return giveWayOrGoOn(info, sample, share);
    }

    /**
     * Ends or holds if the throttle or the server's state demands it. Otherwise sets the pace of the next turn, and
     * rests at the former settings if the share demands it.
     *
     * @param share the part of the main thread's time that assist took at the raised settings, 0 to 1
     */
    private @Nullable Result giveWayOrGoOn(ServerInfo info, AssistSample sample, double share)
            throws InterruptedException {
        ThrottleDecision decision = load.update(info, busy(sample), load.factor());
        if (decision instanceof ThrottleDecision.Stop stop) {
            return new Result(Ending.OVERLOADED, stop.reason());
        }
        if (decision instanceof ThrottleDecision.Hold hold) {
            return holdWhileLimited(hold);
        }
        Optional<String> obstacle = new ServerStatus(info).obstacle();
        if (obstacle.isPresent()) {
            return holdWhileObstructed(obstacle.get());
        }

        pace = new AssistPacer(policy.shareCeiling()).next(pace, share, load.factor());
        return pace.restFor().isZero() ? null : rest(pace.restFor());
    }

    /** Describes the time since an earlier reading, in which assist took a share of the main thread's time. */
    private AssistSample sample(CycleReading before, double share) {
        double seconds = reading.secondsSince(before);
        return new AssistSample(
                seconds,
                // The counter begins at 0 again after CONFIG RESETSTAT.
                Math.max(0, reading.expired() - before.expired()),
                share * seconds,
                reading.estimatedDead().orElse(-1),
                reading.stalePercent().orElse(0),
                reading.volatileKeys());
    }

    private static Duration busy(AssistSample sample) {
        return Duration.ofNanos((long) (sample.busySeconds() * 1e9));
    }

    /** Returns the reason of an ending of {@link AssistPayoff}, as a sentence for the user. */
    private String reason(Ending ending) {
        return switch (ending) {
            case NOTHING_LEFT -> "no key with a TTL is left";
            case LITTLE_LEFT ->
                payoff.keysPerMilli() == 0
                        ? "the server finds no more expired keys"
                        : "the server finds few expired keys by now";
            default -> "the backlog no longer falls: about as many keys expire as the server reclaims";
        };
    }

    /** Keeps the former settings in force for a time, and measures how busy the server is without assist. */
    private @Nullable Result rest(Duration time) throws InterruptedException {
        Result notLowered = settings.lower();
        if (notLowered != null) {
            return notLowered;
        }
        CycleReading before = reading;
        waitProbing(time);
        ServerInfo info = read();
        usualShare = reading.totalShareSince(before);
        return lost(info);
    }

    private @Nullable Result holdWhilePaused() throws InterruptedException {
        String reason = String.valueOf(limits.control().pauseReason());
        return hold(reason, HoldCause.REQUEST, () -> {
            String pause = limits.control().pauseReason();
            return pause == null ? Optional.empty() : Optional.of(pause);
        });
    }

    /**
     * Holds while the throttle demands it because a load signal is above its hard limit; ends assist when the throttle
     * decides to stop.
     */
    private @Nullable Result holdWhileLimited(ThrottleDecision.Hold first) throws InterruptedException {
        // An array, because the lambda must set it; empty while the throttle has not decided to stop.
        String[] stopReason = {""};
        Result result = hold(first.reason(), HoldCause.SERVER, () -> {
            ThrottleDecision decision = load.update(read(), Duration.ZERO, /* usedPart= */ 0);
            if (decision instanceof ThrottleDecision.Stop stop) {
                stopReason[0] = stop.reason();
            }
            return decision instanceof ThrottleDecision.Hold hold ? Optional.of(hold.reason()) : Optional.empty();
        });
        return result == null && !stopReason[0].isEmpty() ? new Result(Ending.OVERLOADED, stopReason[0]) : result;
    }

    /**
     * Holds while the server reclaims nothing, for example because writes are paused; ends assist when the patience is
     * over.
     */
    private @Nullable Result holdWhileObstructed(String first) throws InterruptedException {
        long began = timing().nanoTime().getAsLong();
        // An array, because the lambda must set it.
        boolean[] exhausted = {false};
        Result result = hold(first, HoldCause.SERVER, () -> {
            exhausted[0] = timing().since(began).compareTo(patience) >= 0;
            return exhausted[0] ? Optional.empty() : new ServerStatus(read()).obstacle();
        });
        return result == null && exhausted[0] ? new Result(Ending.OVERLOADED, first) : result;
    }

    /** Returns the reason of a hold that goes on; empty if its cause is over. */
    @FunctionalInterface
    private interface HoldCheck {
        Optional<String> check() throws InterruptedException;
    }

    /**
     * Lowers the settings, and waits until the cause is over, assist is cancelled, or the deadline passes. A pause ends
     * a hold of another cause, so that the next turn reports the pause as a hold of its own.
     *
     * @param first the reason at the beginning, for the user
     * @param cause the kind of cause
     * @param check called after each wait
     */
    private @Nullable Result hold(String first, HoldCause cause, HoldCheck check) throws InterruptedException {
        Result notLowered = settings.lower();
        if (notLowered != null) {
            return notLowered;
        }
        holdListener.onEvent(new SweepEvent.HoldBegan(first, cause));
        String reason = first;
        Optional<String> now = Optional.of(first);
        while (now.isPresent() && limits.ending() == null && (cause == HoldCause.REQUEST || notPaused())) {
            if (!now.get().equals(reason)) {
                reason = now.get();
                holdListener.onEvent(new SweepEvent.HoldBegan(reason, cause));
            }
            waitInHold(cause);
            now = check.check();
        }
        holdListener.onEvent(new SweepEvent.HoldEnded());
        // A hold can last for hours, in which a failover may have made the server a replica.
        return lost(read());
    }

    private boolean notPaused() {
        return limits.control().pauseReason() == null;
    }

    private void waitInHold(HoldCause cause) throws InterruptedException {
        // A pause ends by a request alone, so it needs no probe of the server's load.
        if (cause == HoldCause.REQUEST) {
            limits.waitBriefly();
        } else {
            waitProbing(AssistPace.CONTROL_PERIOD);
        }
    }

    /** Waits with a probe of the latency every 50 ms; a cancel, the deadline or a pause shortens the wait. */
    private void waitProbing(Duration time) throws InterruptedException {
        Duration remaining = time;
        while (remaining.isPositive() && limits.ending() == null && notPaused()) {
            Duration part = remaining.compareTo(AssistPace.SHORTEST_PHASE) > 0 ? AssistPace.SHORTEST_PHASE : remaining;
            timing().sleeper().sleep(part);
            load.probe();
            remaining = remaining.minus(part);
        }
    }

    /** Reads all of INFO, and makes it the latest reading. */
    private ServerInfo read() {
        ServerInfo info = ServerInfo.read(link, errors, MethodSelector.neededCommands());
        reading = CycleReading.of(info, timing().nanoTime().getAsLong());
        tally.observe(reading);
        return info;
    }

    /** Returns the ending of a server that is no primary any more or is loading its data. */
    private @Nullable Result lost(ServerInfo info) {
        return new ServerStatus(info)
                .refusal(errors.nodeId())
                .map(refusal -> new Result(Ending.LOST, String.valueOf(refusal.getMessage())))
                .orElse(null);
    }

    private Timing timing() {
        return limits.timing();
    }
}
