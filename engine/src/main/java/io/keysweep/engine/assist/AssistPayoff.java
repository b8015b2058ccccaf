package io.keysweep.engine.assist;

import io.keysweep.engine.assist.AssistReport.AssistEnding;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides when assist must end because it gains too little. Assist raises settings of a server for a while, so that the
 * server's own expiry cycle removes more expired keys.
 *
 * <p>{@link AssistDriver} adds a sample after each time at the raised settings, and then asks for the {@link #ending}.
 * Only time at the raised settings is considered. <i>Dead</i> keys have expired and still hold memory; the server
 * estimates their number from the keys that its cycle samples. Assist ends in one of these cases:
 *
 * <ul>
 * <li>Nothing is left: no key with a TTL exists.
 * <li>Little is left: fewer than {@value #LITTLE_STALE_PERCENT} % of the keys with a TTL are dead, and in the last
 * second assist has gained fewer than {@value #MIN_KEYS_PER_MILLI} keys for each millisecond of the server's time. The
 * cycle itself stops at this percentage. Without an estimate, the second condition alone decides.
 * <li>No progress: the number of dead keys has not fallen by {@value #PROGRESS_PERCENT} % within {@value
 * #MAX_SECONDS_WITHOUT_PROGRESS} s. If fewer than {@value #STOPPED_STALE_PERCENT} % are dead, the ending is "little
 * left", because the cycle cannot do better, even if keys expire all the time. Otherwise it is "not falling": about as
 * many keys expire as the cycle reclaims. The first second is not examined, since the estimate is a moving average that
 * must first rise to the true value.
 * </ul>
 *
 * <p>Immutable; {@link #with} is a pure function.
 *
 * @param window the latest samples, which span a second plus at most one sample, the oldest first
 * @param raisedSeconds the time at the raised settings so far, in seconds
 * @param deadAtProgress the number of dead keys at the last sample that showed progress, from which further progress is
 *     measured; {@link Long#MAX_VALUE} at first
 * @param progressAtSeconds the value of {@code raisedSeconds} at that sample
 */
record AssistPayoff(List<AssistSample> window, double raisedSeconds, long deadAtProgress, double progressAtSeconds) {

    /** The state before the first sample. */
    static final AssistPayoff START = new AssistPayoff(
            List.of(), /* raisedSeconds= */ 0, /* deadAtProgress= */ Long.MAX_VALUE, /* progressAtSeconds= */ 0);

    static final double LITTLE_STALE_PERCENT = 1;

    /** The percentage that assist is content with. On a large server the cycle stops near 1 %, and not always below. */
    static final double STOPPED_STALE_PERCENT = 1.5;

    static final double MIN_KEYS_PER_MILLI = 2;

    /** The longest time without progress, s. It is long, because the server's estimate fluctuates. */
    static final double MAX_SECONDS_WITHOUT_PROGRESS = 10;

    private static final double PROGRESS_PERCENT = 2;
    private static final double WINDOW_SECONDS = 1;

    /**
     * The time until the server's estimate is right: hundreds of cycles at the raised settings, each with a weight of 5
     * % in the estimate.
     */
    private static final double SETTLING_SECONDS = 1;

    AssistPayoff {
        window = List.copyOf(window);
    }

    /** Returns the state with one more sample. */
    AssistPayoff with(AssistSample sample) {
        List<AssistSample> latestSamples = new ArrayList<>(window);
        latestSamples.add(sample);
        // Without its oldest sample, the window must still span a second.
        while (seconds(latestSamples) - latestSamples.getFirst().seconds() >= WINDOW_SECONDS) {
            latestSamples.removeFirst();
        }
        double newRaisedSeconds = raisedSeconds + sample.seconds();
        // If the server has no estimate, every sample is taken as progress, and the keys per millisecond decide. In the
        // first second the estimate is still too low. If it were the base of the comparison, later samples could never
        // fall below it, so every sample of this second is taken as progress, too.
        boolean isUnknown = sample.dead() < 0;
        boolean isSettling = newRaisedSeconds <= SETTLING_SECONDS;
        // An estimate of 0 cannot fall, so that it is no progress if it stays at 0.
        boolean hasFallen =
                sample.dead() < deadAtProgress && sample.dead() <= deadAtProgress * (1 - PROGRESS_PERCENT / 100);
        return isUnknown || isSettling || hasFallen
                ? new AssistPayoff(
                        latestSamples,
                        newRaisedSeconds,
                        Math.max(0, sample.dead()),
                        /* progressAtSeconds= */ newRaisedSeconds)
                : new AssistPayoff(latestSamples, newRaisedSeconds, deadAtProgress, progressAtSeconds);
    }

    /** Returns the time at the raised settings that samples describe together, in seconds. */
    private static double seconds(List<AssistSample> samples) {
        return samples.stream().mapToDouble(AssistSample::seconds).sum();
    }

    /**
     * Returns the keys that assist has gained for each millisecond of the server's time in the window. A time below 1 ms
     * is treated as 1 ms, since shorter times are not measured well.
     */
    double keysPerMilli() {
        double millis = window.stream().mapToDouble(AssistSample::busySeconds).sum() * 1e3;
        long keys = window.stream().mapToLong(AssistSample::gained).sum();
        return Math.max(0, keys) / Math.max(millis, 1);
    }

    /** Returns how assist ends now; null if it continues. */
    @Nullable AssistEnding ending() {
        if (window.isEmpty()) {
            return null;
        }
        AssistSample last = window.getLast();
        if (last.volatileKeys() == 0) {
            return AssistEnding.NOTHING_LEFT;
        }
        boolean isLittleStale = last.stalePercent() < LITTLE_STALE_PERCENT;
        if (isLittleStale && seconds(window) >= WINDOW_SECONDS && keysPerMilli() < MIN_KEYS_PER_MILLI) {
            return AssistEnding.LITTLE_LEFT;
        }
        if (raisedSeconds - progressAtSeconds < MAX_SECONDS_WITHOUT_PROGRESS) {
            return null;
        }
        return last.stalePercent() < STOPPED_STALE_PERCENT ? AssistEnding.LITTLE_LEFT : AssistEnding.NOT_FALLING;
    }
}
