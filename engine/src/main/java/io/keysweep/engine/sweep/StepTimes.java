package io.keysweep.engine.sweep;

/**
 * Holds two histograms of the steps (calls that visit keys) of a run: their round trips and their stalls. Immutable.
 *
 * @param roundTrips the time from the moment a step was sent until its reply was received. At full share it includes
 *     the time that the step waited on the server for the steps before it.
 * @param stalls the time for which each step kept the server busy, see {@link SweepReport#longestStall()}
 */
public record StepTimes(DurationHistogram roundTrips, DurationHistogram stalls) {

    /** The times of a run that has made no step. */
    public static final StepTimes NONE = new StepTimes(DurationHistogram.EMPTY, DurationHistogram.EMPTY);

    /** Returns the times of the steps of this and another run together. */
    public StepTimes plus(StepTimes other) {
        return new StepTimes(roundTrips.plus(other.roundTrips), stalls.plus(other.stalls));
    }

    /**
     * Returns the times of the steps since {@code earlier}.
     *
     * @param earlier the value that these times had at an earlier moment of the run
     */
    public StepTimes minus(StepTimes earlier) {
        return new StepTimes(roundTrips.minus(earlier.roundTrips), stalls.minus(earlier.stalls));
    }
}
