package io.keysweep.server.metrics;

import io.keysweep.api.EstimateView;
import java.sql.ResultSet;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Adds up, for the metrics, the last estimates of the backlogs of all instances.
 *
 * <p>A backlog is the number of expired keys that still hold memory (dead keys). An estimate is current until a later
 * scan (created after the estimate was made) has succeeded. Such a scan has reclaimed the estimated keys.
 *
 * <p>The class only reads tables, which other packages write. It reads the document of each estimate once and keeps its
 * numbers, because a document may be large. Thread-safe.
 */
@Component
final class BacklogReader {

    private static final Logger LOG = LoggerFactory.getLogger(BacklogReader.class);

    /** The maximum number of documents that one query reads, which limits the memory. */
    private static final int BATCH_SIZE = 100;

    /** Selects the estimates that are current. */
    private static final String SELECT_CURRENT = """
            select instance_id, made_at from instance_estimate where not exists (
                select 1 from scan where scan.instance_id = instance_estimate.instance_id
                    and scan.created_at > instance_estimate.made_at and scan.state = 'success')
            """;

    private final JdbcClient jdbc;
    private final JsonMapper json;

    /** The numbers of the estimates that were current at the last call, by instance. */
    private Map<UUID, EstimateNumbers> lastNumbers = Map.of();

    /**
     * Contains the numbers of an estimate that the metrics need.
     *
     * @param madeAt when the estimate was made; a newer estimate of the instance has another time
     * @param keys number of dead keys
     * @param bytes memory that the dead keys hold; 0 if it is not known
     */
    private record EstimateNumbers(Instant madeAt, long keys, long bytes) {}

    BacklogReader(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /**
     * Reads the estimates, and adds the values of the three backlog gauges to {@code counts}.
     *
     * @throws org.springframework.dao.DataAccessException if the database cannot be read
     */
    synchronized void addTo(Map<FleetGauge, Double> counts) {
        lastNumbers = readCurrent();
        counts.put(FleetGauge.BACKLOG_ESTIMATES, (double) lastNumbers.size());
        counts.put(FleetGauge.BACKLOG_KEYS, (double)
                lastNumbers.values().stream().mapToLong(EstimateNumbers::keys).sum());
        counts.put(FleetGauge.BACKLOG_BYTES, (double)
                lastNumbers.values().stream().mapToLong(EstimateNumbers::bytes).sum());
    }

    /**
     * Returns the numbers of the current estimates, by instance. Reads only the documents of estimates that are new
     * since the last call.
     */
    private Map<UUID, EstimateNumbers> readCurrent() {
        Map<UUID, Instant> madeAtById = new HashMap<>();
        jdbc.sql(SELECT_CURRENT).query((ResultSet row) -> {
            madeAtById.put(
                    row.getObject("instance_id", UUID.class),
                    row.getObject("made_at", OffsetDateTime.class).toInstant());
        });
        Map<UUID, EstimateNumbers> numbers = new HashMap<>(lastNumbers);
        // Estimates that are no longer current, or were replaced (and have another time), are dropped.
        numbers.entrySet().removeIf(entry -> !entry.getValue().madeAt().equals(madeAtById.get(entry.getKey())));
        List<UUID> missingIds = madeAtById.keySet().stream()
                .filter(id -> !numbers.containsKey(id))
                .toList();
        for (int from = 0; from < missingIds.size(); from += BATCH_SIZE) {
            load(missingIds.subList(from, Math.min(missingIds.size(), from + BATCH_SIZE)), madeAtById, numbers);
        }
        return numbers;
    }

    /** Reads the documents of some instances, and adds their numbers to {@code numbers}. */
    private void load(List<UUID> ids, Map<UUID, Instant> madeAtById, Map<UUID, EstimateNumbers> numbers) {
        jdbc.sql("select instance_id, document from instance_estimate where instance_id in (:ids)")
                .param("ids", ids)
                .query((ResultSet row) -> {
                    UUID id = row.getObject("instance_id", UUID.class);
                    // If a newer estimate has replaced this one since the first query, this is the newer document with
                    // the older time. The next call finds that the times differ, and reads the document again.
                    Instant madeAt = madeAtById.getOrDefault(id, Instant.EPOCH);
                    numbers.put(id, parse(row.getString("document"), madeAt));
                });
    }

    /** Reads the numbers from a document. A document that cannot be read is treated as 0 keys. */
    private EstimateNumbers parse(String document, Instant madeAt) {
        try {
            EstimateView estimate = json.readValue(document, EstimateView.class);
            Long bytes = estimate.deadBytes();
            return new EstimateNumbers(madeAt, estimate.dead(), bytes == null ? 0 : bytes);
        } catch (JacksonException e) {
            // Another version of the service may have written the document. The next estimate replaces it.
            LOG.warn("An estimate cannot be read, so the metrics of the backlog leave it out: {}", e.getMessage());
            return new EstimateNumbers(madeAt, /* keys= */ 0, /* bytes= */ 0);
        }
    }
}
