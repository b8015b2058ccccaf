package io.keysweep.server.scan;

import io.keysweep.engine.sweep.PrimaryReading;
import io.keysweep.engine.text.ForeignText;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.server.timeline.EventType;
import io.keysweep.server.timeline.Timeline;
import io.keysweep.server.timeline.TimelineEvent;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Ends a scan on behalf of {@link RoundPlanner}, and stores the last readings of a cluster in the same transaction.
 *
 * <p>A reading contains the keys and the memory of one primary at one moment; see {@link ClusterReadings}. Thread-safe.
 */
@Component
class ScanFinisher {

    /** Maximum length of the column {@code scan.failure} in characters. */
    private static final int MAX_FAILURE_LENGTH = 1000;

    private final ScanTransitions transitions;
    private final InstanceStore instances;
    private final ClusterReadings readings;
    private final Timeline timeline;
    private final TransactionTemplate transaction;
    private final InstantSource clock;

    ScanFinisher(
            ScanTransitions transitions,
            InstanceStore instances,
            ClusterReadings readings,
            Timeline timeline,
            TransactionTemplate transaction,
            InstantSource clock) {
        this.transitions = transitions;
        this.instances = instances;
        this.readings = readings;
        this.timeline = timeline;
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * Ends a scan as success or failed. Does nothing if the scan has ended already, or if it has not been started and
     * {@code failure} is null. Blocks while it reads the primaries of a cluster.
     *
     * @param scan scan with its sweeps
     * @param deployment deployment of the scan's instance
     * @param failure why the scan has failed, in words for users; null if it has succeeded
     */
    void finish(Scan scan, Deployment deployment, @Nullable String failure) {
        readAndFinish(scan, deployment, failure, /* timedOut= */ false);
    }

    /**
     * Ends a scan that has reached its timeout. Does nothing if the scan has ended already. Blocks while it reads the
     * primaries of a cluster.
     *
     * @param deployment deployment of the scan's instance
     * @param failure why the scan has failed, in words for users
     */
    void timeOut(Scan scan, Deployment deployment, String failure) {
        readAndFinish(scan, deployment, failure, /* timedOut= */ true);
    }

    /**
     * Ends a scan as failed without reading its servers, for example because of a bug. Does nothing if the scan has
     * ended already.
     *
     * @param failure why the scan has failed, in words for users
     */
    void fail(Scan scan, String failure) {
        storeEnd(
                scan,
                /* instanceBefore= */ Optional.empty(),
                /* readingsAtEnd= */ Optional.empty(),
                failure,
                /* timedOut= */ false);
    }

    private void readAndFinish(Scan scan, Deployment deployment, @Nullable String failure, boolean timedOut) {
        // The instance is read first, because a problem that an inspection finds from now on is newer than the sweeps.
        Optional<Instance> instanceBefore = failure == null ? instances.find(scan.instanceId()) : Optional.empty();
        // The primaries are read before the transaction, because servers that do not answer would keep it open for
        // long.
        storeEnd(scan, instanceBefore, readAfter(scan, deployment), failure, timedOut);
    }

    /**
     * Ends a scan in one transaction: changes its state, adds to its timeline, and stores the readings of its end.
     *
     * @param instanceBefore the instance as it was read before; its problem is cleared if the scan has succeeded
     * @param readingsAtEnd readings of all primaries of a cluster at the end; empty if there are none
     * @param timedOut whether the scan has reached its timeout
     */
    private void storeEnd(
            Scan scan,
            Optional<Instance> instanceBefore,
            Optional<List<PrimaryReading>> readingsAtEnd,
            @Nullable String failure,
            boolean timedOut) {
        String storedFailure = failure == null ? null : ForeignText.beginning(failure, MAX_FAILURE_LENGTH);
        ScanState end = failure == null ? ScanState.SUCCESS : ScanState.FAILED;
        transaction.executeWithoutResult(status -> {
            // The row of the instance is locked before the row of the scan, as in the transaction that creates a scan.
            // In the opposite order, the end of a scan and the creation of the next scan could wait for each other. The
            // instance must be locked because its history, which is written before the commit, refers to its row.
            instances.lock(scan.instanceId());
            Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
            if (timedOut) {
                // The event must be added before the scan ends: from the event, transitions.finish() learns that the
                // scan has timed out.
                timeline.addOnce(
                        TimelineEvent.of(scan.id(), EventType.EXPIRED, now, timeline.thisWorker(), storedFailure));
            }
            if (transitions.finish(scan.id(), end, storedFailure, now)) {
                if (end == ScanState.SUCCESS) {
                    // Automatic scans inspect no instance, so the problem of an inspection would otherwise never be
                    // removed.
                    instanceBefore.ifPresent(instances::clearProblem);
                }
                readingsAtEnd.ifPresent(primaries -> readings.storeAfter(scan.id(), primaries));
            } else {
                // The scan had ended before, so its timeline must not say that it timed out.
                status.setRollbackOnly();
            }
        });
    }

    /**
     * Reads the current primaries of a cluster. Returns empty outside a cluster, or if a primary cannot be read. Also
     * returns empty for a scan without sweeps: no primaries were read at its beginning, so there is nothing to compare.
     */
    private Optional<List<PrimaryReading>> readAfter(Scan scan, Deployment deployment) {
        return deployment instanceof Deployment.Cluster && !scan.sweeps().isEmpty()
                ? readings.take(scan.id(), deployment)
                : Optional.empty();
    }
}
