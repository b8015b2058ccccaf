package io.keysweep.engine.estimate;

import io.keysweep.engine.insight.PictureRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Contains the properties that a {@link KeyReader} reads of each key, and the beginning of the forecast's periods.
 *
 * <p>A forecast divides the coming time into equal periods, and says how many keys die in each, that is, reach the end
 * of their TTL. The periods of all servers begin at the same times, so that the forecasts of several primaries can be
 * added up. A server reports how long a key has left to live, so the server's own clock does not matter.
 *
 * @param request the length and number of the forecast's periods, and the prefixes to count
 * @param begin the beginning of the first period: the latest whole multiple of a period's length since 1970
 * @param clock the clock of this process
 */
record ReadingPlan(PictureRequest request, Instant begin, InstantSource clock) {

    /** Type and size are read of one key in {@value} only, since they cost the server more than a TTL. */
    static final int MEASURE_EVERY = 8;

    /** The number of elements of a large value that the server samples to estimate the value's size. */
    static final int SIZE_SAMPLES = 5;

    /** Keys that die within this time are treated as dying soon. */
    static final Duration SOON = Duration.ofHours(1);

    /** Returns the plan of an estimate that begins now. */
    static ReadingPlan of(PictureRequest request, InstantSource clock) {
        long periodMillis = request.step().toMillis();
        Instant begin = Instant.ofEpochMilli(Math.floorDiv(clock.millis(), periodMillis) * periodMillis);
        return new ReadingPlan(request, begin, clock);
    }

    /** Returns the time since the beginning of the first period, in milliseconds. */
    long millisSinceBegin() {
        return Math.max(0, Duration.between(begin, clock.instant()).toMillis());
    }
}
