package io.keysweep.engine.assist;

import io.keysweep.engine.assist.AssistReport.Ending;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides when it no longer pays to drive a server's own expiry cycle harder, which is called assist.
 *
 * <p>Immutable; {@link #with} is a pure function. {@link AssistDriver} adds a sample after each time at the raised
 * settings, and then asks for the {@link #ending}. Only time at the raised settings counts. Assist ends in one of three
 * cases:
 *
 * <ul>
 *   <li>No key with a TTL is left.
 *   <li>Less than {@value #LITTLE_STALE_PERCENT} % of the keys with a TTL have expired by the server's estimate, which
 *       is where the cycle stops by itself. Besides, in the last second it has reclaimed fewer than {@value
 *       #MIN_KEYS_PER_MILLI} keys for each millisecond of the server's time. Without an estimate, the second condition
 *       decides alone. The estimate of a large server stays a little above: see the next case.
 *   <li>The estimated backlog (expired keys that still hold memory) has not fallen by {@value #PROGRESS_PERCENT} %
 *       within {@value #PATIENCE_SECONDS} s: about as many keys expire as the cycle reclaims, or the cycle has stopped
 *       and only samples, which counts as little left. The first second does not count, since the estimate is a moving
 *       average of the server's cycles, which first rises to the true value.
 * </ul>
 *
 * @param window the latest samples, which span a second or a little more, the oldest first
 * @param raisedSeconds time at the raised settings so far, s
 * @param lowestDead the number of dead keys from which progress is measured, that of the last sample with progress,
 *     or of the last one in the first second; {@link Long#MAX_VALUE} at first
 * @param lowestAt the value of {@code raisedSeconds} at that sample, s
 */
record AssistPayoff(List<AssistSample> window, double raisedSeconds, long lowestDead, double lowestAt) {

    /** The state before the first sample. */
    static final AssistPayoff START =
            new AssistPayoff(List.of(), /* raisedSeconds= */ 0, /* lowestDead= */ Long.MAX_VALUE, /* lowestAt= */ 0);

    static final double LITTLE_STALE_PERCENT = 1;

    /** The estimate of a large server whose cycle has stopped by itself stays below this value, and near 1 %. */
    private static final double STOPPED_STALE_PERCENT = 1.5;

    static final double MIN_KEYS_PER_MILLI = 2;
    static final double PATIENCE_SECONDS = 10;
    private static final double PROGRESS_PERCENT = 2;
    private static final double WINDOW_SECONDS = 1;

    /** Some hundred cycles at the raised settings, each of which has a weight of 5 % in the server's estimate. */
    private static final double SETTLING_SECONDS = 1;

    AssistPayoff {
        window = List.copyOf(window);
    }

    /** Returns the state with one more sample. */
    AssistPayoff with(AssistSample sample) {
        List<AssistSample> latest = new ArrayList<>(window);
        latest.add(sample);
        // Without its oldest sample, the window must still span a second.
        while (sum(latest) - latest.getFirst().seconds() >= WINDOW_SECONDS) {
            latest.removeFirst();
        }
        double raised = raisedSeconds + sample.seconds();
        // An unknown backlog counts as progress; then only the keys reclaimed per millisecond decide. A value from
        // before the estimate has settled is too low, and later ones would not fall below it for a long time.
        boolean progress = sample.dead() < 0
                || raised <= SETTLING_SECONDS
                || sample.dead() <= lowestDead * (1 - PROGRESS_PERCENT / 100);
        return progress
                ? new AssistPayoff(latest, raised, Math.max(0, sample.dead()), /* lowestAt= */ raised)
                : new AssistPayoff(latest, raised, lowestDead, lowestAt);
    }

    private static double sum(List<AssistSample> samples) {
        return samples.stream().mapToDouble(AssistSample::seconds).sum();
    }

    /**
     * Returns the keys that the server has reclaimed for each millisecond of its time in the window; less than 1 ms
     * counts as 1 ms, since times that short are not measured well.
     */
    double keysPerMilli() {
        double millis = window.stream().mapToDouble(AssistSample::busySeconds).sum() * 1e3;
        long keys = window.stream().mapToLong(AssistSample::reclaimed).sum();
        return keys == 0 ? 0 : keys / Math.max(millis, 1);
    }

    /** Returns how assist ends now; null if it goes on. */
    @Nullable Ending ending() {
        if (window.isEmpty()) {
            return null;
        }
        AssistSample last = window.getLast();
        if (last.volatileKeys() == 0) {
            return Ending.NOTHING_LEFT;
        }
        boolean little = last.stalePercent() < LITTLE_STALE_PERCENT;
        if (little && sum(window) >= WINDOW_SECONDS && keysPerMilli() < MIN_KEYS_PER_MILLI) {
            return Ending.LITTLE_LEFT;
        }
        if (raisedSeconds - lowestAt < PATIENCE_SECONDS) {
            return null;
        }
        return stopped(last) ? Ending.LITTLE_LEFT : Ending.NOT_FALLING;
    }

    /**
     * Returns whether the cycle only samples, since it has come to its limit of 1 %. On a large server, that goes on
     * for minutes at about 1 %, and the backlog falls too slowly to count as progress. If many keys expire meanwhile,
     * the cycle is near its limit too, but reclaims more than would be progress.
     */
    private boolean stopped(AssistSample last) {
        double reclaimedPerSecond =
                window.stream().mapToLong(AssistSample::reclaimed).sum() / sum(window);
        return last.stalePercent() < STOPPED_STALE_PERCENT
                && reclaimedPerSecond * PATIENCE_SECONDS < last.dead() * PROGRESS_PERCENT / 100;
    }
}
