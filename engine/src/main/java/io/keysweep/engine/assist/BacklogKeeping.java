package io.keysweep.engine.assist;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether assist continues although {@link AssistPayoff} would end it, because it keeps the backlog below a
 * {@link BacklogLimit}.
 *
 * <p>Assist raises the server's settings {@code hz} and {@code active-expire-effort} for a while, so that the server
 * itself removes more expired keys. The backlog is the number of dead keys: expired keys that still hold memory. Assist
 * continues while all of this is true:
 *
 * <ul>
 *   <li>The backlog was at or below the limit within the last {@value AssistPayoff#MAX_SECONDS_WITHOUT_PROGRESS} s at
 *       the raised settings. The server's estimate fluctuates, so one value above the limit does not end assist.
 *   <li>Assist gains at least {@value AssistPayoff#MIN_KEYS_PER_MILLI} keys for each millisecond of the server's time.
 *   <li>The maximum duration of the limit has not passed.
 * </ul>
 *
 * <p>Used by one thread.
 */
final class BacklogKeeping {

    private final @Nullable BacklogLimit limit;

    /** The time of the first reading on the clock of {@link CycleReading#at}, ns. */
    private final long startedAt;

    /** The time at the raised settings since the backlog was last known to be at or below the limit, s. */
    private double secondsAbove;

    /** Whether the maximum duration of the limit has passed. */
    private boolean maxDurationPassed;

    /**
     * Creates an instance for one run of assist.
     *
     * @param limit the limit; null if assist must end once the backlog no longer falls
     * @param startedAt the time of the first reading, see {@link CycleReading#at}
     */
    BacklogKeeping(@Nullable BacklogLimit limit, long startedAt) {
        this.limit = limit;
        this.startedAt = startedAt;
    }

    /**
     * Adds the latest sample, and returns whether assist continues. Must be called for every sample, because the time
     * above the limit is counted here.
     *
     * @param at the time of the reading from which the sample was made, see {@link CycleReading#at}
     * @param sample the latest sample; if it has no estimate of the dead keys (below 0), they are treated as above the
     *     limit
     * @param keysPerMilli the keys that assist has gained lately for each millisecond of the server's time
     */
    boolean addAndDecide(long at, AssistSample sample, double keysPerMilli) {
        if (limit == null) {
            return false;
        }
        boolean isKnown = sample.dead() >= 0;
        boolean isBelow = isKnown && sample.dead() <= limit.deadKeys();
        secondsAbove = isBelow ? 0 : secondsAbove + sample.seconds();
        maxDurationPassed = at - startedAt >= limit.longest().toNanos();
        return !maxDurationPassed
                && secondsAbove < AssistPayoff.MAX_SECONDS_WITHOUT_PROGRESS
                && keysPerMilli >= AssistPayoff.MIN_KEYS_PER_MILLI;
    }

    /**
     * Returns that the maximum duration is over, as part of a sentence for users; empty if it is not, or if there is no
     * limit.
     */
    Optional<String> success() {
        return limit != null && maxDurationPassed
                ? Optional.of(String.format(
                        Locale.ROOT,
                        "it has kept the backlog at %,d dead keys or fewer for %,d s",
                        limit.deadKeys(),
                        limit.longest().toSeconds()))
                : Optional.empty();
    }
}
