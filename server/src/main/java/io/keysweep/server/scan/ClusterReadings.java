package io.keysweep.server.scan;

import io.keysweep.engine.discovery.Primary;
import io.keysweep.engine.discovery.Topology;
import io.keysweep.engine.sweep.PrimaryReading;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeRefusedException;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes and stores readings of all primaries of a cluster, when its scan begins and when it ends. Thread-safe.
 *
 * <p>A reading contains the keys, the memory and the counters of one primary at one moment. {@link RoundPlanner} takes
 * the readings at the beginning, and {@link ScanFinisher} takes the readings at the end. {@link ScanViews} shows their
 * difference as the total of the scan.
 *
 * <p>Sums over the sweeps (each visits one primary) would be wrong: sweeps begin and end at different
 * times, and slots (parts of the key space) can move between primaries in the meantime. Some keys would be counted
 * twice and others never.
 */
@Repository
class ClusterReadings {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterReadings.class);

    /**
     * Maximum number of primaries that are read at the same time. A primary that does not answer then does not delay
     * the other primaries. The maximum limits the connections to a large cluster.
     */
    private static final int MAX_PARALLEL = 8;

    /** Value of the column {@code moment} for readings from the beginning of the scan. */
    private static final String BEFORE = "before";

    /** Value of the column {@code moment} for readings from the end of the scan. */
    private static final String AFTER = "after";

    private static final TypeReference<List<PrimaryReading>> READINGS = new TypeReference<>() {};

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final SweepEngine engine;

    ClusterReadings(JdbcClient jdbc, JsonMapper json, SweepEngine engine) {
        this.jdbc = jdbc;
        this.json = json;
        this.engine = engine;
    }

    /**
     * Discovers the current primaries of a cluster and reads them. Returns empty if the primaries cannot be discovered,
     * if a primary cannot be read, or if the thread is interrupted.
     *
     * @param scanId scan that gets the readings, for the log
     */
    Optional<List<PrimaryReading>> take(UUID scanId, Deployment cluster) {
        try {
            return take(scanId, cluster, engine.discover(cluster));
        } catch (NodeRefusedException e) {
            LOG.warn(
                    "Scan {} gets no totals of memory and keys: its primaries cannot be discovered: {}",
                    scanId,
                    e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Reads the primaries of a topology, and blocks until each has answered or its connection has timed out. Returns
     * empty if a primary cannot be read, because a sum without it would be wrong. Also returns empty if the thread is
     * interrupted, and leaves its interrupt flag set.
     *
     * @param scanId scan that gets the readings, for the log
     */
    Optional<List<PrimaryReading>> take(UUID scanId, Deployment cluster, Topology topology) {
        try (ExecutorService threads =
                Executors.newFixedThreadPool(MAX_PARALLEL, Thread.ofVirtual().factory())) {
            List<Future<PrimaryReading>> futures = new ArrayList<>();
            for (Primary primary : topology.primaries()) {
                futures.add(threads.submit(() -> engine.read(cluster, primary.address())));
            }
            List<PrimaryReading> readings = new ArrayList<>();
            for (Future<PrimaryReading> future : futures) {
                readings.add(future.get());
            }
            return Optional.of(readings);
        } catch (ExecutionException e) {
            LOG.warn(
                    "Scan {} gets no totals of memory and keys: a primary cannot be read: {}",
                    scanId,
                    String.valueOf(e.getCause()));
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** Stores the readings from the beginning of a scan. Must be called once, in the transaction of its first round. */
    void storeBefore(UUID scanId, List<PrimaryReading> readings) {
        store(scanId, BEFORE, readings);
    }

    /** Stores the readings from the end of a scan. Must be called once, in the transaction that ends the scan. */
    void storeAfter(UUID scanId, List<PrimaryReading> readings) {
        store(scanId, AFTER, readings);
    }

    private void store(UUID scanId, String moment, List<PrimaryReading> readings) {
        jdbc.sql("insert into scan_reading (scan_id, moment, document) values (:scanId, :moment, :document)")
                .param("scanId", scanId)
                .param("moment", moment)
                .param("document", json.writeValueAsString(readings))
                .update();
    }

    /**
     * Returns the stored readings of several scans by scan id, with one query. A scan without readings from its
     * beginning is not in the map, for example the scan of a single server.
     */
    Map<UUID, ClusterChange> of(Collection<UUID> scanIds) {
        Map<UUID, List<PrimaryReading>> readingsBefore = new HashMap<>();
        Map<UUID, List<PrimaryReading>> readingsAfter = new HashMap<>();
        // SQL does not allow an empty list after "in".
        if (!scanIds.isEmpty()) {
            jdbc.sql("select * from scan_reading where scan_id in (:ids)")
                    .param("ids", scanIds)
                    .query((ResultSet row) -> {
                        Map<UUID, List<PrimaryReading>> readings =
                                BEFORE.equals(row.getString("moment")) ? readingsBefore : readingsAfter;
                        readings.put(
                                row.getObject("scan_id", UUID.class),
                                json.readValue(row.getString("document"), READINGS));
                    });
        }
        Map<UUID, ClusterChange> changes = new HashMap<>();
        readingsBefore.forEach(
                (scanId, readings) -> changes.put(scanId, new ClusterChange(readings, readingsAfter.get(scanId))));
        return changes;
    }
}
