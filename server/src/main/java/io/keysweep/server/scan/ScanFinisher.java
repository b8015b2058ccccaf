package io.keysweep.server.scan;

import io.keysweep.engine.sweep.PrimaryReading;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceStore;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Ends a scan that workers have begun, and stores the last reading of a cluster with it.
 *
 * <p>A scan that has ended already stays as it is. Thread-safe.
 */
@Component
class ScanFinisher {

    /** Maximum length of the column {@code scan.failure} in characters. */
    private static final int MAX_FAILURE_LENGTH = 1000;

    private final ScanStore scans;
    private final InstanceStore instances;
    private final ClusterReadings readings;
    private final TransactionTemplate transaction;
    private final InstantSource clock;

    ScanFinisher(
            ScanStore scans,
            InstanceStore instances,
            ClusterReadings readings,
            TransactionTemplate transaction,
            InstantSource clock) {
        this.scans = scans;
        this.instances = instances;
        this.readings = readings;
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * Ends a scan.
     *
     * @param failure why the scan has failed, in words for users; null if it has succeeded
     */
    void finish(Scan scan, @Nullable String failure) {
        String storedFailure = failure == null || failure.length() <= MAX_FAILURE_LENGTH
                ? failure
                : failure.substring(0, MAX_FAILURE_LENGTH);
        ScanState end = failure == null ? ScanState.SUCCESS : ScanState.FAILED;
        // Before the transaction, because servers that do not answer would keep it open for long.
        Optional<List<PrimaryReading>> after = readAfter(scan);
        transaction.executeWithoutResult(status -> {
            if (scans.finish(scan.id(), end, storedFailure, clock.instant().truncatedTo(ChronoUnit.MILLIS))) {
                after.ifPresent(taken -> readings.storeAfter(scan.id(), taken));
            }
        });
    }

    /** Reads the primaries of a cluster that was swept; empty outside a cluster, or if a primary cannot be read. */
    private Optional<List<PrimaryReading>> readAfter(Scan scan) {
        Deployment deployment =
                instances.find(scan.instanceId()).map(Instance::deployment).orElseThrow();
        return deployment instanceof Deployment.Cluster && !scan.sweeps().isEmpty()
                ? readings.take(deployment)
                : Optional.empty();
    }
}
