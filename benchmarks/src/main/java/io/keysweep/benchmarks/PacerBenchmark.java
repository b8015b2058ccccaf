package io.keysweep.benchmarks;

import io.keysweep.engine.pacing.Pace;
import io.keysweep.engine.pacing.PaceDecision;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.pacing.Pacer;
import io.keysweep.engine.pacing.StepMeasurement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures the cost of one pacing decision, in nanoseconds.
 *
 * <p>A sweep visits keys in steps (SCAN calls). After each step, {@link Pacer} decides on the size of the next step and
 * the delay before it. The cost must be negligible next to a step (about 1 ms).
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PacerBenchmark {

    private final Pacer pacer = new Pacer(PacePolicy.GENTLE.withRateCeiling(200_000));
    private Pace pace = pacer.start(/* lazyFree= */ true);

    /** Decides on the pace after a step that took 1.4 µs per key, and continues from the new pace. */
    @Benchmark
    public PaceDecision next() {
        PaceDecision decision = pacer.next(
                pace,
                new StepMeasurement(pace.count(), Duration.ofNanos(pace.count() * 1400L), pace.count()),
                /* factor= */ 1);
        pace = decision.pace();
        return decision;
    }
}
