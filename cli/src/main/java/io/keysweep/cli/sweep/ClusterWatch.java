package io.keysweep.cli.sweep;

import io.keysweep.api.text.Amounts;
import io.keysweep.cli.progress.ProgressDisplay;
import io.keysweep.cli.progress.ProgressSnapshot;
import io.keysweep.cli.shell.ServerName;
import io.keysweep.engine.deployment.DeploymentListener;
import io.keysweep.engine.deployment.DeploymentReport;
import io.keysweep.engine.deployment.SweepRound;
import io.keysweep.engine.sweep.PrimarySummary;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepProgress;
import io.keysweep.engine.topology.Shard;
import io.keysweep.engine.topology.SlotSet;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Shows the sweeps of all primaries of a cluster in one progress display.
 *
 * <p>A shard is the part of the cluster that one primary serves. A round sweeps all shards side by side. Slots that
 * move during a round are swept in another round. Counts are sums over all shards and rounds. The progress is the part
 * of the slots that the first round has swept. Calls must not overlap, as {@link DeploymentListener} guarantees. The
 * caller ends the display with {@link #end} before it writes the result.
 */
final class ClusterWatch implements DeploymentListener {

    /** Largest fraction that is shown before the end, because slots that have moved may need another round. */
    private static final double MAX_FRACTION_BEFORE_END = 0.99;

    /** Smallest fraction from which the remaining time is estimated; before, the estimate would vary too much. */
    private static final double MIN_FRACTION_FOR_ESTIMATE = 0.02;

    private final InstantSource clock;
    private final ProgressDisplay display;

    /**
     * Latest progress of each shard in the current round. When another round begins, its counts are added to {@code
     * visitedBefore} and {@code reclaimedBefore}.
     */
    private final Map<Shard, SweepProgress> latestByShard = new LinkedHashMap<>();

    /** Shards on hold, on which neither assist nor a sweep works. */
    private final ShardHolds holds;

    private final Instant startedAt;
    // Counts of the rounds before the current one.
    private long visitedBefore;
    private long reclaimedBefore;

    /** Longest time for which a step of any shard and round has kept its server busy. */
    private Duration longestStall = Duration.ZERO;

    /** Fraction of the cluster's sweep that is shown as done, 0 to 1; never falls. */
    private double fraction;

    /** Number of the current round, from 1; 0 before the first. */
    private int round;

    ClusterWatch(InstantSource clock, ProgressDisplay display) {
        this.clock = clock;
        this.startedAt = clock.instant();
        this.display = display;
        this.holds = new ShardHolds(display);
    }

    @Override
    public void onRound(SweepRound next) {
        visitedBefore += visitedInRound();
        reclaimedBefore += reclaimedInRound();
        latestByShard.clear();
        holds.reset(next.shards().size());
        round = next.number();
        if (round == 1) {
            display.say("Sweeping a cluster of " + Amounts.count(next.shards().size(), "primary"));
            // The number of keys is not known until the sweep of the last primary has begun, so the display shows the
            // fraction of swept slots instead.
            display.begin(/* totalKeys= */ 0);
        } else {
            display.say("Slots have moved during the sweep: round " + round + " sweeps "
                    + Amounts.count(next.shards().size(), "primary"));
        }
    }

    /**
     * Shows the last progress and ends the display. The progress is complete if every slot was covered.
     */
    void end(DeploymentReport report) {
        if (report.success()) {
            fraction = 1;
            display.update(snapshot());
        }
        display.close();
    }

    @Override
    public void onEvent(Shard shard, SweepEvent event) {
        switch (event) {
            case SweepEvent.Started started -> display.say(opening(shard, started.summary()));
            case SweepEvent.Progressed progressed -> {
                latestByShard.put(shard, progressed.progress());
                display.update(snapshot());
            }
            case SweepEvent.HoldBegan hold -> holds.hold(shard, hold.reason());
            case SweepEvent.Estimated estimated -> display.say(shard.primary() + ": " + SweepWatch.estimate(estimated));
            case SweepEvent.HoldEnded ended -> holds.endHold(shard);
            case SweepEvent.Retuned retuned ->
                display.say(shard.primary() + ": pace changed " + retuned.intervention());
            case SweepEvent.Checkpointed checkpointed -> {
                // A checkpoint is of no use here, because a sweep without a service is not resumed.
            }
            case SweepEvent.Failed failed -> {
                // Nothing is announced, because the summary at the end says why the sweep of the shard has failed.
            }
            case SweepEvent.Finished finished -> display.say(closing(shard, finished));
        }
    }

    @Override
    public void onShardBegun(Shard shard) {
        holds.begin(shard);
    }

    @Override
    public void onShardEnded(Shard shard) {
        holds.end(shard);
    }

    private static String opening(Shard shard, PrimarySummary inspection) {
        return inspection.nodeId() + " (" + ServerName.of(inspection.profile()) + ") begins: slots " + shard.slots()
                + ", " + Amounts.count(inspection.totalKeys(), "key");
    }

    private static String closing(Shard shard, SweepEvent.Finished finished) {
        String end = switch (finished.report().ending()) {
            case COMPLETED -> "is done";
            case CANCELLED -> "was interrupted";
            case TIMED_OUT -> "timed out";
            case FAILED -> "failed";
        };
        return shard.primary() + " " + end + ": reclaimed "
                + Amounts.count(finished.report().reclaimed());
    }

    /** Sums up the latest progress of all shards, and raises the longest stall and the fraction accordingly. */
    private ProgressSnapshot snapshot() {
        double sweptSlots = 0;
        for (Map.Entry<Shard, SweepProgress> entry : latestByShard.entrySet()) {
            sweptSlots += entry.getKey().slots().size() * entry.getValue().fraction();
            Duration stall = entry.getValue().longestStall();
            longestStall = stall.compareTo(longestStall) > 0 ? stall : longestStall;
        }
        // Later rounds sweep few slots a second time, which must not lower the fraction.
        if (round == 1) {
            fraction = Math.max(fraction, Math.min(MAX_FRACTION_BEFORE_END, sweptSlots / SlotSet.COUNT));
        }
        boolean isWhole = holds.areAllHeld();
        return new ProgressSnapshot(
                fraction,
                visitedBefore + visitedInRound(),
                reclaimedBefore + reclaimedInRound(),
                longestStall,
                remaining(),
                slowdownReason(),
                isWhole ? holds.text() : null,
                isWhole ? null : holds.text());
    }

    /** Estimates the remaining time from the average speed so far. Returns null below 2 % and after the first round. */
    private @Nullable Duration remaining() {
        if (round > 1 || fraction < MIN_FRACTION_FOR_ESTIMATE) {
            return null;
        }
        double elapsedNanos = Duration.between(startedAt, clock.instant()).toNanos();
        return Duration.ofNanos((long) (elapsedNanos * (1 - fraction) / fraction));
    }

    /** Returns why the first of the slowed shards has slowed down; null if none has. */
    private @Nullable String slowdownReason() {
        return latestByShard.values().stream()
                .map(SweepWatch::slowdownReason)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private long visitedInRound() {
        return latestByShard.values().stream().mapToLong(SweepProgress::visited).sum();
    }

    private long reclaimedInRound() {
        return latestByShard.values().stream()
                .mapToLong(SweepProgress::reclaimed)
                .sum();
    }
}
