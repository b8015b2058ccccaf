package io.keysweep.server.sweep;

import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.sweep.DurationHistogram;
import io.keysweep.engine.sweep.StepTimes;
import io.keysweep.engine.sweep.SweepProgress;
import io.keysweep.engine.text.ForeignText;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * Writes samples of one run of a sweep to the table {@code sweep_sample}, from which the console draws charts.
 *
 * <p>A sweep is the part of a scan that visits one primary. A run is the work of one worker on the sweep. A sample
 * contains the counts, the pace and the wait of callers at one moment. In the first 4 minutes of a run there is a
 * sample every 2 seconds. Later the interval is the time since the run began, divided by {@value
 * #SAMPLES_BEFORE_THINNING}. Long runs therefore do not fill the table. A run of 10 hours has about 700 samples. Only
 * one thread may use an object of this class.
 */
final class SampleRows {

    private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(2);
    private static final int SAMPLES_BEFORE_THINNING = 120;

    /** Length of the column {@code slowed_by} in characters. */
    private static final int MAX_REASON_LENGTH = 300;

    /** When the next sample is due. */
    private Instant nextAt = Instant.MIN;

    /** Sums of the times of all steps of the run up to the latest sample. */
    private StepTimes timesAtLastSample = StepTimes.NONE;

    /**
     * Writes a sample if one is due.
     *
     * @param checkpoint checkpoint with the counts of the sweep over all its runs
     * @param progress latest progress of the run; nothing is written while it is null
     */
    void store(LockedSweep sweep, Checkpoint checkpoint, @Nullable SweepProgress progress) {
        if (progress == null || sweep.now().isBefore(nextAt)) {
            return;
        }
        String slowedBy = progress.slowedBy();
        Duration callersWait = progress.callersWait();
        DurationHistogram stalls = progress.stepTimes().minus(timesAtLastSample).stalls();
        sweep.statement("insert into sweep_sample (scan_id, round, node_id, sampled_at, visited, reclaimed, share,"
                        + " step_us, busy_us, slowed_by, wait_us) values (:scanId, :round, :nodeId, :at, :visited,"
                        + " :reclaimed, :share, :step, :busy, :slowedBy, :wait)")
                .param("at", sweep.now().atOffset(ZoneOffset.UTC))
                .param("visited", checkpoint.visited())
                .param("reclaimed", checkpoint.reclaimed())
                .param("share", progress.share())
                .param("step", meanMicros(stalls))
                .param("busy", stalls.total().toNanos() / 1000)
                .param("slowedBy", slowedBy == null ? null : ForeignText.beginning(slowedBy, MAX_REASON_LENGTH))
                .param("wait", callersWait == null ? null : (Long) (callersWait.toNanos() / 1000))
                .update();
        timesAtLastSample = progress.stepTimes();
        nextAt = sweep.now().plus(interval(progress.elapsed()));
    }

    /**
     * Returns the time from a sample to the next sample.
     *
     * @param elapsed time since the run began
     */
    static Duration interval(Duration elapsed) {
        Duration intervalOfLongRun = elapsed.dividedBy(SAMPLES_BEFORE_THINNING);
        return intervalOfLongRun.compareTo(SHORTEST_INTERVAL) > 0 ? intervalOfLongRun : SHORTEST_INTERVAL;
    }

    /** Returns the mean of durations in microseconds; null if there are none. */
    private static @Nullable Long meanMicros(DurationHistogram durations) {
        long count = durations.count();
        return count <= 0 ? null : (Long) (durations.total().toNanos() / 1000 / count);
    }
}
