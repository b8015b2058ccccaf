package io.keysweep.engine.pacing;

import java.time.Duration;

/**
 * The inner control loop, from measured time to COUNT and rest. Pure: same state and signal, same decision. Safe to share.
 *
 * <p>COUNT aims at a step a little shorter than the stall budget. Cost follows the dead keys in a call, which no setting
 * can know, so it is steered by time: half of the missing way is gone in a step upwards, and the whole excess is taken
 * away downwards. A first overrun is cut only mildly, since on a busy machine one late answer says little; a second in a
 * row is cut in full.
 *
 * <p>Rest follows busy time so that busy / (busy + rest) is the share ceiling at most, and visited keys so that the rate
 * ceiling holds; of both a {@link Throttle} may leave a part. The way on the network and in the client is not counted as rest, so both stay below.
 */
public final class Pacer {

    static final int MIN_COUNT = 10;
    static final int MAX_COUNT = 5_000;

    private static final int START_COUNT = 50;
    /** Values freed on the main thread may be large: one call may cost a hundred times the next. */
    private static final int CAREFUL_START_COUNT = 20;

    private static final double AIM = 0.85;
    /** Between this and the aim COUNT stays; a step that is ended by its limit comes to lie there. */
    private static final double CLOSE_TO_AIM = 0.75;
    /** Share of the budget after which a step is to end by itself; the rest is for the call that goes over it. */
    private static final double STEP_LIMIT = 0.8;

    private static final double MAX_GROWTH = 1.5;
    private static final double MILD_CUT = 0.75;
    private static final double FULL_CUT = 0.3;
    /** Sleeping for less than this takes longer than asked for, so shorter rests are saved up. */
    private static final long SHORTEST_REST_NANOS = 300_000;
    /** Steps a second that a rate ceiling should leave room for. */
    private static final long STEPS_A_SECOND = 10;

    private final double budgetNanos;
    private final double shareCeiling;
    private final double nanosPerKey;
    private final int maxCount;

    /** Under this policy. */
    public Pacer(PacePolicy policy) {
        budgetNanos = (double) policy.stallBudget().toNanos() / policy.stepsInFlight();
        shareCeiling = policy.shareCeiling();
        if (policy.rateCeiling().isPresent()) {
            long rate = policy.rateCeiling().getAsLong();
            nanosPerKey = 1e9 / rate;
            maxCount = Math.clamp(rate / STEPS_A_SECOND, MIN_COUNT, MAX_COUNT);
        } else {
            nanosPerKey = 0;
            maxCount = MAX_COUNT;
        }
    }

    /**
     * State before the first step.
     *
     * @param lazyFree whether the server frees expired values off its main thread
     */
    public Pace start(boolean lazyFree) {
        return new Pace(Math.min(maxCount, lazyFree ? START_COUNT : CAREFUL_START_COUNT), 0, 0);
    }

    /** State to go on with after one under another policy. */
    public Pace onFrom(Pace pace) {
        return new Pace(Math.clamp(pace.count(), MIN_COUNT, maxCount), 0, 0);
    }

    /** How long a step should keep the server busy at most, so that it stays within the stall budget. */
    public Duration stepLimit() {
        return Duration.ofNanos((long) (budgetNanos * STEP_LIMIT));
    }

    /**
     * State and rest after a step.
     *
     * @param factor the part of the ceilings that may be used, above 0 up to 1
     */
    public PaceDecision next(Pace pace, PaceSignal signal, double factor) {
        long busy = signal.busy().toNanos();
        double load = busy / budgetNanos;
        int overruns = load > 1 ? pace.overruns() + 1 : 0;
        int count = Math.clamp(count(pace, signal, load), MIN_COUNT, maxCount);

        double forShare = busy * (1 / (shareCeiling * factor) - 1);
        double forRate = signal.visited() * nanosPerKey / factor - busy;
        long owed = pace.owedNanos() + (long) Math.ceil(Math.max(forShare, Math.max(0, forRate)));
        if (owed < SHORTEST_REST_NANOS) {
            return new PaceDecision(new Pace(count, overruns, owed), Duration.ZERO);
        }
        return new PaceDecision(new Pace(count, overruns, 0), Duration.ofNanos(owed));
    }

    private static int count(Pace pace, PaceSignal signal, double load) {
        if (load > 1) {
            double cut = Math.max(AIM / load, pace.overruns() == 0 ? MILD_CUT : FULL_CUT);
            // A short step near the end of a segment proves less than a full one, yet it proves that much.
            return (int) Math.min(pace.count(), Math.ceil(signal.count() * cut));
        }
        if (load < CLOSE_TO_AIM && signal.count() >= pace.count()) {
            double growth = Math.min(MAX_GROWTH, 1 + (AIM / Math.max(load, 0.01) - 1) / 2);
            return (int) Math.ceil(pace.count() * growth);
        }
        return pace.count();
    }
}
