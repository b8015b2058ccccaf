package io.keysweep.engine.sweep;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.plan.Checkpoint.DatabasePosition;
import io.keysweep.engine.plan.DatabaseCoverage;
import io.keysweep.engine.sweep.SweepReport.Ending;
import io.keysweep.engine.topology.SlotSet;
import java.time.Duration;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Builds the report at the end of a run of a sweep.
 *
 * <p>For the report, it counts orphans (keys of slots that the node does not serve) and measures the server's memory.
 * Used by the sweep's thread only.
 *
 * @param state the counts and the session of the run
 * @param slotWatch provides the covered slots and counts the orphans
 * @param paceController provides the share of the server's time that counting orphans may take
 * @param progressReporter reports the final progress
 * @param limits makes the measurement of memory end early if the sweep is cancelled or its deadline has passed
 * @param memoryMeter measures the memory, and has measured it at the start of the run
 * @param purge whether the server must return unused memory to the operating system (MEMORY PURGE)
 */
record SweepReporter(
        SweepState state,
        SlotWatch slotWatch,
        PaceController paceController,
        ProgressReporter progressReporter,
        RunLimits limits,
        MemoryMeter memoryMeter,
        boolean purge) {

    /**
     * Counts orphans, reports the final progress, measures the memory, and returns the report. May wait some seconds,
     * see {@link MemoryMeter#report}. If the server is unreachable by now, the report contains no orphans and no memory
     * figures after the run.
     *
     * @param ending how the run has ended; never {@code FAILED}, see {@link #buildReportOfFailedRun}
     * @throws io.keysweep.engine.topology.NodeRefusedException if a cluster node refuses CLUSTER NODES
     */
    SweepReport measureAndBuild(Ending ending) throws InterruptedException {
        Session session = state.session();
        SortedMap<Integer, Long> orphans = countOrphans(session);
        progressReporter.reportProgress();
        Duration elapsed = progressReporter.elapsed();
        return report(
                ending,
                elapsed,
                memoryMeter.report(session, limits, state.counts().reclaimedInThisRun(), purge),
                orphans);
    }

    /** Returns the report of a run that has failed. Does not wait, and asks the server only for its memory. */
    SweepReport buildReportOfFailedRun() {
        return report(
                Ending.FAILED,
                progressReporter.elapsed(),
                memoryMeter.reportAtOnce(state.session(), state.counts().reclaimedInThisRun()),
                Collections.emptySortedMap());
    }

    private SweepReport report(Ending ending, Duration elapsed, MemoryReport memory, SortedMap<Integer, Long> orphans) {
        SweepCounts counts = state.counts();
        return new SweepReport(
                state.nodeId(),
                state.session().inspection().summary().profile(),
                ending,
                counts.visited(),
                counts.reclaimed(),
                // A step in flight is uncertain, so the count is not exact yet. The run that resumes the sweep settles
                // it.
                state.exact() && state.stepsInFlight().isEmpty(),
                counts.steps(),
                elapsed,
                counts.longestStall(),
                memory,
                ending == Ending.COMPLETED ? slotWatch.heldSlots() : SlotSet.NONE,
                orphans,
                counts.databases(),
                coverage(),
                state.stepTimes().read());
    }

    private SortedMap<Integer, DatabaseCoverage> coverage() {
        SortedMap<Integer, DatabaseCoverage> coverageByDatabase = new TreeMap<>();
        for (DatabasePosition position : state.plan().confirmedPositions()) {
            DatabaseCoverage coverage = position.coverage();
            if (coverage != null) {
                coverageByDatabase.put(position.db(), coverage);
            }
        }
        return coverageByDatabase;
    }

    private SortedMap<Integer, Long> countOrphans(Session session) throws InterruptedException {
        try {
            return slotWatch.countOrphans(session, paceController.policy().shareCeiling());
        } catch (LinkBrokenException e) {
            return Collections.emptySortedMap();
        }
    }
}
