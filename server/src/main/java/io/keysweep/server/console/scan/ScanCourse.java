package io.keysweep.server.console.scan;

import io.keysweep.server.sweep.SampleHistory.Sample;
import io.keysweep.server.sweep.SweepKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sums up the samples of a scan as the lines of its charts, at most {@value #MAX_POINTS} points each.
 *
 * <p>A sample contains the counts of one sweep (the part of a scan that visits one primary). Each point is for a period
 * of at least 2 seconds.
 *
 * @param at time of each point in seconds since 1970
 * @param keys keys visited per second since the point before
 * @param reclaimed keys reclaimed per second since the point before
 * @param step mean time of a step (a call that visits keys) in the sample with the longest step, in milliseconds; null
 *     where there was no step
 * @param callersWait how long clients waited for the server, without the round trip of the network, in the sample with
 *     the longest wait, in milliseconds; null where it is unknown
 * @param used part of the server's time that the steps of a sweep have taken since the point before, 0 to 1, on average
 *     over the sweeps; null if unknown
 * @param share part of the server's time that a sweep was allowed to take, 0 to 1, on average over the sweeps
 */
record ScanCourse(
        List<Double> at,
        List<Double> keys,
        List<Double> reclaimed,
        List<@Nullable Double> step,
        List<@Nullable Double> callersWait,
        List<@Nullable Double> used,
        List<Double> share) {

    private static final int MAX_POINTS = 300;
    private static final Duration SHORTEST_PERIOD = Duration.ofSeconds(2);

    /**
     * Creates the lines. The first period only says at which counts the second period begins, so it has no point.
     *
     * @param samples samples of all sweeps, the earliest first
     */
    static ScanCourse of(List<Sample> samples) {
        Builder course = new Builder();
        if (!samples.isEmpty()) {
            Instant first = samples.getFirst().at();
            Duration wholeTime = Duration.between(first, samples.getLast().at());
            long periodMillis = Math.max(SHORTEST_PERIOD.toMillis(), wholeTime.toMillis() / MAX_POINTS);
            long currentPeriod = 0;
            for (Sample sample : samples) {
                long samplePeriod = Duration.between(first, sample.at()).toMillis() / periodMillis;
                if (samplePeriod != currentPeriod) {
                    course.endPeriod();
                    currentPeriod = samplePeriod;
                }
                course.add(sample);
            }
            course.endPeriod();
        }
        return course.lines;
    }

    /** Builds the lines period by period. */
    private static final class Builder {
        private final ScanCourse lines = new ScanCourse(
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>());
        private final Map<SweepKey, Sample> latest = new HashMap<>();
        private final List<Sample> samplesOfPeriod = new ArrayList<>();
        private final List<Double> usedInPeriod = new ArrayList<>();
        private @Nullable Instant lastAt;
        private long lastVisited;
        private long lastReclaimed;

        /** Adds a sample to the current period. */
        void add(Sample sample) {
            Sample previous = latest.put(sample.sweep(), sample);
            samplesOfPeriod.add(sample);
            Duration busy = sample.busy();
            if (previous != null && busy != null && sample.at().isAfter(previous.at())) {
                double milliseconds =
                        Duration.between(previous.at(), sample.at()).toMillis();
                usedInPeriod.add(busy.toNanos() / 1e6 / milliseconds);
            }
        }

        /** Ends the current period: adds its point to each line, and begins the next period. */
        void endPeriod() {
            Instant now = samplesOfPeriod.getLast().at();
            long visited = latest.values().stream().mapToLong(Sample::visited).sum();
            long reclaimed =
                    latest.values().stream().mapToLong(Sample::reclaimed).sum();

            // The first period has no point, because there is no period before it to compare with.
            Instant before = lastAt;
            if (before != null && now.isAfter(before)) {
                double seconds = Duration.between(before, now).toMillis() / 1e3;
                lines.at.add(now.toEpochMilli() / 1e3);
                lines.keys.add(Math.max(0, (visited - lastVisited) / seconds));
                lines.reclaimed.add(Math.max(0, (reclaimed - lastReclaimed) / seconds));
                lines.step.add(highest(Sample::stepMs));
                lines.callersWait.add(highest(Builder::waitMillis));
                lines.used.add(used());
                lines.share.add(samplesOfPeriod.stream()
                        .mapToDouble(Sample::share)
                        .average()
                        .orElse(0));
            }

            lastAt = now;
            lastVisited = visited;
            lastReclaimed = reclaimed;
            samplesOfPeriod.clear();
            usedInPeriod.clear();
        }

        /** Returns the average part of the server's time that the steps of the period took; null if it is unknown. */
        private @Nullable Double used() {
            OptionalDouble average =
                    usedInPeriod.stream().mapToDouble(Double::doubleValue).average();
            return average.isPresent() ? (Double) average.getAsDouble() : null;
        }

        private static @Nullable Double waitMillis(Sample sample) {
            Duration wait = sample.callersWait();
            return wait == null ? null : (Double) (wait.toNanos() / 1e6);
        }

        /** Returns the highest of the known values of the period, or null if none is known. */
        private @Nullable Double highest(Function<Sample, @Nullable Double> value) {
            Double highest = null;
            for (Sample sample : samplesOfPeriod) {
                Double sampleValue = value.apply(sample);
                if (sampleValue != null && (highest == null || sampleValue > highest)) {
                    highest = sampleValue;
                }
            }
            return highest;
        }
    }
}
