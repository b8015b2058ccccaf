package io.keysweep.engine.sweep;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.reclaim.StepTurn;
import java.time.Duration;
import java.util.Arrays;

/**
 * Plans when steps start on a distant server, so that several can be on their way at a time without exceeding the pace.
 *
 * <p>A step is one call that visits keys. If the server is near, the sweep sends a step after the reply to the previous
 * step and a delay. Over a long distance the server would then spend most of the time waiting for the network.
 *
 * <p>The sweep therefore sends each step in time for its <i>turn</i>, an interval by the server's clock, while earlier
 * steps are still on their way. The server refuses a step outside its turn, so no delay on the network makes steps run
 * closer together than planned.
 *
 * <ul>
 * <li>The turns of two steps begin as far apart as the pace demands. If a step cost more or less than expected, the
 * next turn moves by the difference, so the share of the server's time is right on average.
 * <li>With a delay between the steps, a turn is so short that a pause remains between any two steps. At full share,
 * steps that arrive together may run together for the stall budget.
 * <li>A step is sent when it would reach the server at the beginning of its turn, if it travelled as fast as the
 * fastest of the latest steps.
 * </ul>
 *
 * <p>The <i>busy time</i> of a step is the time that its script takes. Its <i>cost</i> is the time from its turn to the
 * next one that the pace demands: the busy time, the server's other work for the step, and the delay after both.
 *
 * <p>Its <i>journey</i> is the time of its start by the server's clock, minus the time of sending by the clock of this
 * process. A journey is not a duration, since the two clocks need not agree. The smallest journey belongs to the
 * fastest step. Added to a time of this process, it gives the earliest arrival by the server's clock.
 *
 * <p>Turns need a script that reads the server's clock. Used by the sweep's thread only.
 */
final class StepTurns {

    /** The largest number of steps on their way, enough for a round trip of 100 ms at the default pace. */
    private static final int MAX_IN_FLIGHT = 64;

    /** The smallest round trip for which turns are used, as a part of the expected cost of a step. */
    private static final double MIN_ROUND_TRIP_PER_COST = 0.3;

    /**
     * A server with this round trip or a longer one is far. With a shorter round trip, the few steps in flight at full
     * share need no turns.
     */
    private static final Duration FAR = Duration.ofNanos(800_000);

    /**
     * With this round trip or a longer one, turns may be needed at some pace, so steps must report when they started.
     */
    private static final Duration SHORTEST_WITH_TURNS = Duration.ofNanos(300_000);

    /** The number of latest steps whose journeys are kept; the fastest of them is used. */
    private static final int KEPT_JOURNEYS = 32;

    /** The number of steps in a new session that must be measured before turns are planned. */
    private static final int MEASURED_STEPS = 4;

    /** The weight of the latest step in the moving averages. */
    private static final double WEIGHT = 0.125;

    /**
     * The smallest distance between the beginnings of two turns, as a part of the expected cost. It is below 1, so that
     * lost time can be made up.
     */
    private static final double MIN_SPACING = 0.9;

    /** The shortest pause between two steps, as a part of the busy time of a step with the full COUNT. */
    private static final double MIN_PAUSE = 0.2;

    /**
     * The part of a turn that lies before the time at which the fastest step would arrive. It is small, because most
     * steps are slower than the fastest one.
     */
    private static final double EARLY_PART = 0.1;

    /**
     * The time that the server needs for a step in addition to its busy time, ns. In this time it reads the command,
     * prepares the script and sends the reply. This time counts toward the share. On a near server, the round trips
     * already include it.
     */
    private static final double OTHER_WORK_NANOS = 80_000;

    /**
     * The length of a turn at full share, as a multiple of the busy time of a step with the full COUNT. Steps that run
     * directly one after another then keep the server busy for at most as long as four such steps.
     */
    private static final double TURN_AT_FULL_SHARE = 2.5;

    /** If the ratio of cost to busy time is at least this, a turn leaves a pause between steps. */
    private static final double MIN_COST_WITH_PAUSE = 1.6;

    /**
     * A difference of at least this size, µs, means that the server's clock was set back. A faster journey makes a far
     * smaller difference.
     */
    private static final double SET_BACK_MICROS = 1_000_000;

    private static final double NANOS_PER_MICRO = 1_000;

    /** The journeys of the latest steps, µs; the next journey replaces the oldest. */
    private final double[] journeys = new double[KEPT_JOURNEYS];

    /**
     * The number of journeys recorded, which also determines the index of the next journey, see {@link #recordJourney}.
     */
    private int journeysKnown;

    /** The smallest of {@link #journeys}: a step sent at t reaches the server at t plus this value, or later. */
    private double fastestJourney;

    /** The average busy time of a step for each key of its COUNT, ns; 0 before the first step. */
    private double busyPerKey;

    /** The average cost of a step, ns; 0 before the first step. */
    private double averageCost;

    /** The average busy time of a step, ns; 0 before the first step. */
    private double averageBusy;

    /** The number of steps that may be on their way; 0 if turns are not used. */
    private int maxInFlight;

    /** Whether turns could not be planned because no step had been measured. */
    private boolean lacksMeasurements;

    /** The busy time after which a step ends by itself, ns. */
    private double stepLimitNanos;

    /** The length of a turn, ns. */
    private double turnNanos;

    /** The shortest pause between two steps, ns; 0 at full share. */
    private double pauseNanos;

    /** When, by the server's clock, the pace allows the next turn to begin, µs since 1970; 0 before the first. */
    private double nextTurn;

    /** When, by the server's clock, the last turn began, µs since 1970. */
    private double lastTurn;

    /** When, by the server's clock, the distance to the last turn allows the next turn to begin, µs since 1970. */
    private double earliestNext;

    /**
     * Decides whether the next steps have turns, and how many may be on their way. Only steps that have turns may be in
     * flight.
     *
     * @param roundTrip the round trip of the network alone
     * @param canCheckTurns whether the server checks the turns of the next steps
     * @param policy the pace of the next steps
     * @param count the COUNT of the next steps
     * @param limit the busy time after which the next steps end by themselves
     */
    void plan(Duration roundTrip, boolean canCheckTurns, PacePolicy policy, int count, Duration limit) {
        maxInFlight = 0;
        stepLimitNanos = limit.toNanos();
        boolean isFullShare = policy.stepsInFlight() > 1;
        // A turn is possible if there can be a pause between two steps, or at full share, where several steps may run
        // in a row within the stall budget.
        boolean hasRoom = isFullShare || leavesPauses();
        // The few steps in flight at full share hide a short round trip without turns.
        boolean isRoundTripHidden = isFullShare && !isFar(roundTrip);
        double costNanos = expectedCost(count).toNanos();
        // The first steps of a session have no turns, because the journey and the cost become known only from them.
        boolean isMeasured = journeysKnown > 0 && costNanos > 0;
        lacksMeasurements = canCheckTurns && !isMeasured;
        if (!canCheckTurns || !isMeasured || !hasRoom || isRoundTripHidden) {
            return;
        }
        if (roundTrip.toNanos() >= MIN_ROUND_TRIP_PER_COST * costNanos) {
            planTurnLength(busyNanos(count));
            // The longest time from sending a step to its reply, if the step starts as late as its turn allows.
            double longestReplyNanos = expectedReply(roundTrip, count).toNanos();
            maxInFlight = (int) Math.min(MAX_IN_FLIGHT, Math.ceil(longestReplyNanos / costNanos) + 2);
        }
    }

    /**
     * Sets the length of a turn, and the pause between two steps. Steps with a smaller COUNT have turns of the same
     * length, because the delays on the network do not depend on the COUNT.
     *
     * @param busy the busy time of a step with the full COUNT, ns
     */
    private void planTurnLength(double busy) {
        double earlyNanosBefore = EARLY_PART * turnNanos;
        if (leavesPauses()) {
            pauseNanos = MIN_PAUSE * busy;
            turnNanos = MIN_SPACING * costPerBusy() * busy - busy - pauseNanos;
        } else {
            pauseNanos = 0;
            turnNanos = TURN_AT_FULL_SHARE * busy;
        }
        // A longer turn begins earlier before the expected arrival, so the pause after the last step would be shorter.
        earliestNext += (EARLY_PART * turnNanos - earlyNanosBefore) / NANOS_PER_MICRO;
    }

    /**
     * Returns the shortest time from the beginning of the turn of a step to the beginning of the next turn, ns. With a
     * delay between the steps, it leaves a pause even if the step starts at the end of its turn and the next one at the
     * beginning.
     */
    private double minSpacingNanos(int count) {
        double busy = busyNanos(count);
        return leavesPauses() ? turnNanos + busy + pauseNanos : MIN_SPACING * costPerBusy() * busy;
    }

    /** Returns whether the pace demands so much time between steps that turns leave a pause between any two steps. */
    private boolean leavesPauses() {
        return costPerBusy() >= MIN_COST_WITH_PAUSE;
    }

    /**
     * Returns the ratio of the cost of steps to their busy time; 0 before the first step. It is the ratio of two
     * averages, because the average of ratios would be too large after a few very short steps.
     */
    private double costPerBusy() {
        return averageBusy == 0 ? 0 : averageCost / averageBusy;
    }

    /** Returns the expected busy time of a step with this COUNT, ns. */
    private double busyNanos(int count) {
        return Math.min(busyPerKey * count, stepLimitNanos);
    }

    /** Returns whether a server is so far away that its steps need turns even at full share. */
    static boolean isFar(Duration roundTrip) {
        return roundTrip.compareTo(FAR) >= 0;
    }

    /**
     * Returns whether the measurements that turns need have become known since {@link #plan} was called. On a distant
     * server, {@code plan} should then be called again soon.
     */
    boolean canBePlanned() {
        return lacksMeasurements && journeysKnown >= MEASURED_STEPS && busyPerKey > 0;
    }

    /** Returns how many steps may be on their way; 0 if the next steps have no turns. */
    int maxInFlight() {
        return maxInFlight;
    }

    /** Returns whether the next steps have turns. */
    boolean areUsed() {
        return maxInFlight > 0;
    }

    /** Returns how long to wait before the next step is sent; zero to send it now. */
    Duration untilNext(long nowNanos) {
        double nextBegin = Math.max(nextTurn, earliestNext);
        double waitMicros = nextBegin - arrivalAt(nowNanos);
        if (waitMicros > nextBegin - lastTurn + SET_BACK_MICROS) {
            // The wait for the next turn is at least a second longer than it was when the last turn began, so the
            // server's clock was set back.
            nextTurn = 0;
            earliestNext = 0;
            return Duration.ZERO;
        }
        return waitMicros <= 0 ? Duration.ZERO : Duration.ofNanos((long) (waitMicros * NANOS_PER_MICRO));
    }

    /** Returns the turn of a step that is sent now. If turns are not used, the step may start at any time. */
    StepTurn next(Duration roundTrip, long nowNanos, int count) {
        if (areUsed()) {
            return takeTurn(nowNanos, count);
        }
        return roundTrip.compareTo(SHORTEST_WITH_TURNS) < 0 ? StepTurn.ANY_TIME : StepTurn.ANY_TIME_REPORTED;
    }

    private StepTurn takeTurn(long nowNanos, int count) {
        double arrival = arrivalAt(nowNanos);
        double spacingMicros = expectedCost(count).toNanos() / NANOS_PER_MICRO;
        double start = Math.max(arrival, Math.max(nextTurn, earliestNext));
        // After a short delay of this process, the next turns keep their planned times, so the lost time is made up.
        // After a long delay, they are planned again from now.
        double plannedStart =
                start - nextTurn > Math.max(spacingMicros, turnNanos / NANOS_PER_MICRO) ? start : nextTurn;
        lastTurn = start;
        earliestNext = start + minSpacingNanos(count) / NANOS_PER_MICRO;
        nextTurn = plannedStart + spacingMicros;
        double earlyMicros = EARLY_PART * turnNanos / NANOS_PER_MICRO;
        return new StepTurn((long) (start - earlyMicros), (long) (start - earlyMicros + turnNanos / NANOS_PER_MICRO));
    }

    /** Returns the expected cost of a step with this COUNT. */
    Duration expectedCost(int count) {
        return Duration.ofNanos((long) (costPerBusy() * busyNanos(count)));
    }

    /** Estimates the longest time from sending a step with this COUNT to its reply, if it starts within its turn. */
    Duration expectedReply(Duration roundTrip, int count) {
        return roundTrip.plusNanos((long) (busyNanos(count) + turnNanos));
    }

    /**
     * Records the journey of a step.
     *
     * @param sentNanos when the step was sent, by the clock of this process
     * @param startedAtMicros when the step started, by the server's clock
     */
    void recordJourney(long sentNanos, long startedAtMicros) {
        journeys[journeysKnown++ % KEPT_JOURNEYS] = startedAtMicros - sentNanos / NANOS_PER_MICRO;
        // The reset keeps the number small without changing the index of the oldest journey.
        if (journeysKnown == 2 * KEPT_JOURNEYS) {
            journeysKnown = KEPT_JOURNEYS;
        }
        fastestJourney = Arrays.stream(journeys, 0, Math.min(journeysKnown, KEPT_JOURNEYS))
                .min()
                .orElseThrow();
    }

    /**
     * Records the cost of a step, and moves the next turn by the difference to the expected cost.
     *
     * @param count the COUNT of the step
     * @param busy the busy time of the step
     * @param delay the delay that the pace demands after the step
     * @param share the largest share of the server's time that the sweep may take now, above 0 up to 1
     * @param expectedCost the cost that was expected when the step was sent; zero for a step without a turn
     */
    void recordCost(int count, Duration busy, Duration delay, double share, Duration expectedCost) {
        // Two ceilings demand a time each: the rate ceiling, whose time the delay contains, and the share. The longer
        // time applies.
        double costNanos = Math.max((double) busy.plus(delay).toNanos(), (busy.toNanos() + OTHER_WORK_NANOS) / share);
        if (busy.isPositive()) {
            busyPerKey = average(busyPerKey, (double) busy.toNanos() / count);
            averageCost = average(averageCost, costNanos);
            averageBusy = average(averageBusy, (double) busy.toNanos());
        }
        if (!expectedCost.isZero()) {
            nextTurn += (costNanos - (double) expectedCost.toNanos()) / NANOS_PER_MICRO;
        }
    }

    /**
     * Lets the next turn begin earlier after the server has refused a step, because such a step costs next to nothing.
     *
     * @param expectedCost the cost that was expected when the step was sent; zero for a step without a turn
     */
    void recordRefusal(Duration expectedCost) {
        nextTurn -= expectedCost.toNanos() / NANOS_PER_MICRO;
    }

    /** Resets all measurements, since a new session may lead to another server. */
    void restart() {
        journeysKnown = 0;
        lacksMeasurements = false;
        maxInFlight = 0;
        nextTurn = 0;
        earliestNext = 0;
        busyPerKey = 0;
        averageCost = 0;
        averageBusy = 0;
    }

    /** Returns the earliest time at which a step would reach the server, by the server's clock, µs since 1970. */
    private double arrivalAt(long sentNanos) {
        return fastestJourney + sentNanos / NANOS_PER_MICRO;
    }

    /** Returns the moving average with one more value; {@code formerAverage} is 0 if there was none. */
    private static double average(double formerAverage, double latest) {
        return formerAverage == 0 ? latest : formerAverage + WEIGHT * (latest - formerAverage);
    }
}
