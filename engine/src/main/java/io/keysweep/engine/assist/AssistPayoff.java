package io.keysweep.engine.assist;

import io.keysweep.engine.assist.AssistReport.Ending;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides when it no longer pays to drive a server's expiry cycle harder. Immutable; {@link #with} is a pure function.
 *
 * <p>It ends in one of three cases; only time at the raised settings counts:
 *
 * <ul>
 *   <li>No key with a TTL is left.
 *   <li>Less than {@value #LITTLE_STALE_PERCENT} % of the keys with a TTL have expired, which is where the cycle stops
 *       by itself, and in the last second it has reclaimed fewer than {@value #MIN_KEYS_PER_MILLI} keys for each
 *       millisecond of the server's time.
 *   <li>The estimated backlog has not fallen by {@value #PROGRESS_PERCENT} % within {@value #PATIENCE_SECONDS} s: as
 *       many keys expire as the cycle reclaims.
 * </ul>
 *
 * @param window the latest samples, which span a second or a little more, the oldest first
 * @param raisedSeconds time at the raised settings so far, s
 * @param lowestDead the lowest backlog so far from which progress is measured; {@link Long#MAX_VALUE} at first
 * @param lowestAt the time at the raised settings when the backlog had fallen to that, s
 */
record AssistPayoff(List<AssistSample> window, double raisedSeconds, long lowestDead, double lowestAt) {

    static final AssistPayoff START = new AssistPayoff(List.of(), 0, Long.MAX_VALUE, 0);

    static final double LITTLE_STALE_PERCENT = 1;
    static final double MIN_KEYS_PER_MILLI = 2;
    static final double PATIENCE_SECONDS = 10;
    private static final double PROGRESS_PERCENT = 2;
    private static final double WINDOW_SECONDS = 1;

    AssistPayoff {
        window = List.copyOf(window);
    }

    /** Returns the state with one more sample. */
    AssistPayoff with(AssistSample sample) {
        List<AssistSample> latest = new ArrayList<>(window);
        latest.add(sample);
        while (sum(latest) - latest.getFirst().seconds() >= WINDOW_SECONDS) {
            latest.removeFirst();
        }
        double raised = raisedSeconds + sample.seconds();
        // Unknown counts as progress: then only the yield decides.
        boolean progress = sample.dead() < 0 || sample.dead() <= lowestDead * (1 - PROGRESS_PERCENT / 100);
        return progress
                ? new AssistPayoff(latest, raised, Math.max(0, sample.dead()), raised)
                : new AssistPayoff(latest, raised, lowestDead, lowestAt);
    }

    private static double sum(List<AssistSample> samples) {
        return samples.stream().mapToDouble(AssistSample::seconds).sum();
    }

    /** Returns the keys that the server has reclaimed for each millisecond of its time, in the window. */
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
        return raisedSeconds - lowestAt >= PATIENCE_SECONDS ? Ending.NOT_FALLING : null;
    }
}
