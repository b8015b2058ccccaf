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
 * Raises the settings of one server and lowers them again, in turns as {@link AssistPacer} says, until that no longer
 * pays.
 *
 * <p>One turn: raise, wait while probing the latency every 50 ms, read INFO and the settings, decide, and rest at the
 * former settings if the share demands it. A pause, a hard limit and a server that reclaims nothing are holds at the
 * former settings. The driver can end with raised settings; its caller puts them back. Used by one thread.
 */
final class AssistDriver {

    /** Says how assist has ended, and why, as a sentence for the user. */
    record Result(Ending ending, String reason) {}

    private final ServerErrors errors;
    private final NodeLink link;
    private final RunLimits limits;
    private final Duration patience;
    private final SweepListener holdListener;
    private final RaisableSettings settings;
    private final AssistLoad load;
    private final AssistTally tally;
    private PacePolicy policy;
    private AssistPace pace = AssistPace.FIRST;
    private AssistPayoff payoff = AssistPayoff.START;
    /** The latest reading. */
    private CycleReading reading;
    /** The share of the main thread's time that the server last used at the former settings. */
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
     * Runs until an ending.
     *
     * @throws io.keysweep.engine.link.LinkBrokenException if the connection breaks
     */
    Result run() throws InterruptedException {
        Result result = rest(AssistPace.CONTROL_PERIOD);
        while (result == null) {
            result = turn();
        }
        return result;
    }

    private @Nullable Result turn() throws InterruptedException {
        Result early = early();
        if (early != null) {
            return early;
        }
        applyRetune();
        if (limits.control().pauseReason() != null) {
            return holdWhilePaused();
        }
        String notRaised = settings.raise();
        if (notRaised != null) {
            return new Result(Ending.CHANGED_BY_OTHERS, notRaised);
        }
        waitProbing(pace.raiseFor());
        return afterRaised();
    }

    private @Nullable Result early() throws InterruptedException {
        SweepReport.Ending ending = limits.ending();
        if (ending == null) {
            return null;
        }
        return ending == SweepReport.Ending.CANCELLED
                ? new Result(Ending.CANCELLED, "it was cancelled")
                : new Result(Ending.TIMED_OUT, "its time limit was reached");
    }

    private void applyRetune() {
        SweepControl.Retune retune = limits.control().latestRetune();
        if (retune != null && !retune.equals(appliedRetune)) {
            appliedRetune = retune;
            policy = retune.pace();
            load.retune(policy);
        }
    }

    private @Nullable Result afterRaised() throws InterruptedException {
        CycleReading before = reading;
        ServerInfo info = read();
        Result lost = lost(info);
        if (lost != null) {
            return lost;
        }
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

    private AssistSample sample(CycleReading before, double share) {
        double seconds = reading.secondsSince(before);
        return new AssistSample(
                seconds,
                Math.max(0, reading.expired() - before.expired()),
                share * seconds,
                reading.estimatedDead().orElse(-1),
                reading.stalePercent().orElse(0),
                reading.volatileKeys());
    }

    private static Duration busy(AssistSample sample) {
        return Duration.ofNanos((long) (sample.busySeconds() * 1e9));
    }

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

    /** Has the former settings in force for a time, which shows what the server uses without assist. */
    private @Nullable Result rest(Duration time) throws InterruptedException {
        String notLowered = settings.lower();
        if (notLowered != null) {
            return new Result(Ending.CHANGED_BY_OTHERS, notLowered);
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

    private @Nullable Result holdWhileLimited(ThrottleDecision.Hold first) throws InterruptedException {
        return hold(first.reason(), HoldCause.SERVER, () -> {
            ThrottleDecision decision = load.update(read(), Duration.ZERO, /* usedPart= */ 0);
            return decision instanceof ThrottleDecision.Hold hold ? Optional.of(hold.reason()) : Optional.empty();
        });
    }

    private @Nullable Result holdWhileObstructed(String first) throws InterruptedException {
        long began = timing().nanoTime().getAsLong();
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

    /** Holds at the former settings while the cause lasts, the run goes on and no other pause begins. */
    private @Nullable Result hold(String first, HoldCause cause, HoldCheck check) throws InterruptedException {
        String notLowered = settings.lower();
        if (notLowered != null) {
            return new Result(Ending.CHANGED_BY_OTHERS, notLowered);
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
        return lost(read());
    }

    private boolean notPaused() {
        return limits.control().pauseReason() == null;
    }

    private void waitInHold(HoldCause cause) throws InterruptedException {
        if (cause == HoldCause.REQUEST) {
            limits.waitBriefly();
        } else {
            waitProbing(AssistPace.CONTROL_PERIOD);
        }
    }

    /** Waits, with a probe every 50 ms, for a time or until the run ends or is paused. */
    private void waitProbing(Duration time) throws InterruptedException {
        Duration remaining = time;
        while (remaining.isPositive() && limits.ending() == null && notPaused()) {
            Duration part = remaining.compareTo(AssistPace.SHORTEST_PHASE) > 0 ? AssistPace.SHORTEST_PHASE : remaining;
            timing().sleeper().sleep(part);
            load.probe();
            remaining = remaining.minus(part);
        }
    }

    private ServerInfo read() {
        ServerInfo info = ServerInfo.read(link, errors, MethodSelector.neededCommands());
        reading = CycleReading.of(info, timing().nanoTime().getAsLong());
        tally.observe(reading);
        return info;
    }

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
