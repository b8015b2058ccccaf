package io.keysweep.engine.estimate;

import io.keysweep.engine.insight.PictureRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Says what to read of each key, and to which step of the forecast a TTL belongs.
 *
 * <p>The steps of all servers begin at the same times. A server reports how long a key has left, so its own clock does
 * not matter.
 *
 * @param request the steps and prefixes
 * @param begin the beginning of the first step, a multiple of the step since 1970
 * @param clock the time of day
 */
record ReadingPlan(PictureRequest request, Instant begin, InstantSource clock) {

    /** Type and size are read of one key in this number. */
    static final int MEASURE_EVERY = 8;

    /** The elements of a large value that the server samples to estimate its size. */
    static final int SIZE_SAMPLES = 5;

    /** Keys that die within this time count as dying soon. */
    static final Duration SOON = Duration.ofHours(1);

    /** Returns the plan of an estimate that begins now. */
    static ReadingPlan of(PictureRequest request, InstantSource clock) {
        long step = request.step().toMillis();
        return new ReadingPlan(request, Instant.ofEpochMilli(Math.floorDiv(clock.millis(), step) * step), clock);
    }

    /** Returns the time since the beginning of the first step, ms. */
    long millisSinceBegin() {
        return Math.max(0, Duration.between(begin, clock.instant()).toMillis());
    }
}
