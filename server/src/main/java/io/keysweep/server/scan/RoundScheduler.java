package io.keysweep.server.scan;

import io.keysweep.engine.deployment.SweepRound;
import io.keysweep.engine.discovery.Topology;
import io.keysweep.engine.sweep.PrimaryReading;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.SlotSet;
import io.keysweep.server.sweep.SweepRecord;
import io.keysweep.server.sweep.SweepStore;
import io.keysweep.server.timeline.EventType;
import io.keysweep.server.timeline.Timeline;
import io.keysweep.server.timeline.TimelineEvent;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Stores and schedules the sweeps of the next round of a cluster's scan, or ends the scan after its last round.
 *
 * <p>A round sweeps shards of a cluster (visits all their keys) side by side. A shard is the part of the cluster that
 * one primary serves. {@link RoundPlanner} discovers the primaries and calls this class. Thread-safe.
 */
@Component
class RoundScheduler {

    private static final Logger LOG = LoggerFactory.getLogger(RoundScheduler.class);

    private final ScanStore scans;
    private final SweepStore sweeps;
    private final ClusterReadings readings;
    private final Timeline timeline;
    private final ScanDispatcher dispatcher;
    private final ScanFinisher finisher;
    private final TransactionTemplate transaction;
    private final InstantSource clock;

    RoundScheduler(
            ScanStore scans,
            SweepStore sweeps,
            ClusterReadings readings,
            Timeline timeline,
            ScanDispatcher dispatcher,
            ScanFinisher finisher,
            TransactionTemplate transaction,
            InstantSource clock) {
        this.scans = scans;
        this.sweeps = sweeps;
        this.readings = readings;
        this.timeline = timeline;
        this.dispatcher = dispatcher;
        this.finisher = finisher;
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * Stores and schedules the sweeps of the next round, and before the first round also reads all primaries. Ends the
     * scan instead if there is no further round: no shard has slots (parts of the key space) left to sweep, or the
     * rounds are used up. Blocks while it reads the primaries.
     *
     * @param cluster deployment of the scan's instance
     * @param topology primaries and their slots, as they were just discovered
     */
    void scheduleNextRound(Scan scan, Deployment cluster, Topology topology) {
        boolean isFirstRound = scan.sweeps().isEmpty();
        Optional<SweepRound> round = isFirstRound ? firstRound(topology) : nextRound(scan, topology);
        if (round.isEmpty()) {
            // The check is repeated here, because a worker that was frozen must not end a scan whose next round
            // another worker has begun.
            if (isStillToPlan(scan.id(), scan.lastRound() + 1)) {
                finisher.finish(scan, cluster, uncoveredFailure(topology, scan.coveredSlots()));
            }
            return;
        }
        storeRound(scan, round.get(), isFirstRound ? readings.take(scan.id(), cluster, topology) : Optional.empty());
    }

    /** Returns the round that sweeps all shards; empty if no primary serves a slot. */
    private static Optional<SweepRound> firstRound(Topology topology) {
        return Optional.of(SweepRound.first(topology))
                .filter(round -> !round.shards().isEmpty());
    }

    /** Returns the round after the last round, for slots that have moved; empty if there is none. */
    private static Optional<SweepRound> nextRound(Scan scan, Topology topology) {
        return new SweepRound(scan.lastRound(), topology.shards(), topology.unassigned())
                .next(topology, scan.coveredSlots());
    }

    /**
     * Stores and schedules the sweeps of a round. Does nothing if the scan has ended, or if the round is planned
     * already. Another worker may have planned it if this one was frozen while it discovered the primaries.
     *
     * @param readingsBefore readings of all primaries, taken before the transaction, because servers that do not answer
     *     would keep it open for long; empty in later rounds, or if a primary could not be read
     */
    private void storeRound(Scan scan, SweepRound round, Optional<List<PrimaryReading>> readingsBefore) {
        transaction.executeWithoutResult(status -> {
            if (!isStillToPlan(scan.id(), round.number())) {
                LOG.warn("Scan {}, round {}: another worker has planned it meanwhile", scan.id(), round.number());
                return;
            }
            LOG.info(
                    "Scan {}, round {}: sweeps of {} primaries are scheduled",
                    scan.id(),
                    round.number(),
                    round.shards().size());
            readingsBefore.ifPresent(primaries -> readings.storeBefore(scan.id(), primaries));
            timeline.add(roundEvent(scan, round));
            round.shards().stream()
                    .map(shard -> SweepRecord.waiting(
                            scan.id(), round.number(), shard.primary().toString(), shard.slots()))
                    .forEach(sweeps::insert);
            dispatcher.scheduleFirstSweepOfEachHost(scans.find(scan.id()).orElseThrow());
        });
        dispatcher.checkForDueExecutions();
    }

    private boolean isStillToPlan(UUID scanId, int round) {
        return scans.find(scanId)
                .filter(storedScan -> storedScan.state().active() && storedScan.lastRound() < round)
                .isPresent();
    }

    /**
     * Creates the event of a planned round for the timeline of the scan, with the addresses of the primaries, such as
     * {@code round 2: 10.0.0.1:6379, 10.0.0.2:6379}.
     */
    private TimelineEvent roundEvent(Scan scan, SweepRound round) {
        String primaries =
                round.shards().stream().map(shard -> shard.primary().toString()).collect(Collectors.joining(", "));
        // The time is in milliseconds, which is the precision of the column in the database.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return TimelineEvent.of(scan.id(), EventType.ROUND, now, timeline.thisWorker(), /* why= */ null)
                .withDetail("round " + round.number() + ": " + primaries);
    }

    /**
     * Returns the failure of a scan that has ended its last round, in words for users. Returns null if every slot is
     * covered and served now. A slot is covered if one primary served it from the start of its sweep to the end.
     */
    private static @Nullable String uncoveredFailure(Topology topology, SlotSet coveredSlots) {
        SlotSet unassignedSlots = topology.unassigned();
        if (!unassignedSlots.isEmpty()) {
            return "Slots " + unassignedSlots + " are served by no primary, so that their keys cannot be reached.";
        }
        SlotSet uncoveredSlots = SlotSet.ALL.minus(coveredSlots);
        return uncoveredSlots.isEmpty()
                ? null
                : "Slots " + uncoveredSlots + " were covered by no primary from start to end in "
                        + SweepRound.MAX_ROUNDS + " rounds, as they moved every time.";
    }
}
