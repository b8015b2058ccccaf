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
 * Adds up the last estimates of all instances, for the metrics. An estimate counts until a scan that begins after it
 * has succeeded, because that scan has reclaimed the estimated keys.
 *
 * <p>Only reads the tables, which belong to other packages. A document is read once, since it may be large.
 * Thread-safe.
 */
@Component
final class BacklogReader {

    private static final Logger LOG = LoggerFactory.getLogger(BacklogReader.class);

    /** The number of documents that are read with one query. */
    private static final int BATCH_SIZE = 100;

    private static final String CURRENT = """
            select instance_id, made_at from instance_estimate where not exists (
                select 1 from scan where scan.instance_id = instance_estimate.instance_id
                    and scan.created_at > instance_estimate.made_at and scan.state = 'success')
            """;

    private final JdbcClient jdbc;
    private final JsonMapper json;

    /** The estimates of the last reading, by instance. */
    private Map<UUID, KnownEstimate> known = Map.of();

    /** Holds what the metrics need of an estimate. */
    private record KnownEstimate(Instant madeAt, long keys, long bytes) {}

    BacklogReader(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** Reads the estimates, and adds their gauges to the counts. */
    synchronized void addTo(Map<FleetGauge, Double> counts) {
        known = read();
        counts.put(FleetGauge.BACKLOG_ESTIMATES, (double) known.size());
        counts.put(FleetGauge.BACKLOG_KEYS, (double)
                known.values().stream().mapToLong(KnownEstimate::keys).sum());
        counts.put(FleetGauge.BACKLOG_BYTES, (double)
                known.values().stream().mapToLong(KnownEstimate::bytes).sum());
    }

    private Map<UUID, KnownEstimate> read() {
        Map<UUID, Instant> current = new HashMap<>();
        jdbc.sql(CURRENT).query((ResultSet row) -> {
            current.put(
                    row.getObject("instance_id", UUID.class),
                    row.getObject("made_at", OffsetDateTime.class).toInstant());
        });
        Map<UUID, KnownEstimate> estimates = new HashMap<>(known);
        estimates.entrySet().removeIf(entry -> !entry.getValue().madeAt().equals(current.get(entry.getKey())));
        List<UUID> unknown = current.keySet().stream()
                .filter(id -> !estimates.containsKey(id))
                .toList();
        for (int from = 0; from < unknown.size(); from += BATCH_SIZE) {
            load(unknown.subList(from, Math.min(unknown.size(), from + BATCH_SIZE)), current, estimates);
        }
        return estimates;
    }

    private void load(List<UUID> ids, Map<UUID, Instant> current, Map<UUID, KnownEstimate> estimates) {
        jdbc.sql("select instance_id, document from instance_estimate where instance_id in (:ids)")
                .param("ids", ids)
                .query((ResultSet row) -> {
                    UUID id = row.getObject("instance_id", UUID.class);
                    Instant madeAt = current.getOrDefault(id, Instant.EPOCH);
                    estimates.put(id, read(row.getString("document"), madeAt));
                });
    }

    private KnownEstimate read(String document, Instant madeAt) {
        try {
            EstimateView estimate = json.readValue(document, EstimateView.class);
            Long bytes = estimate.deadBytes();
            return new KnownEstimate(madeAt, estimate.dead(), bytes == null ? 0 : bytes);
        } catch (JacksonException e) {
            // Another version of the service may have written it. The next estimate replaces it.
            LOG.warn("An estimate cannot be read, so the metrics of the backlog leave it out: {}", e.getMessage());
            return new KnownEstimate(madeAt, 0, 0);
        }
    }
}
