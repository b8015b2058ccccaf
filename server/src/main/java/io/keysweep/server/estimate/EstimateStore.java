package io.keysweep.server.estimate;

import io.keysweep.api.EstimateView;
import io.keysweep.engine.insight.ExpiryForecast;
import io.keysweep.server.cliff.CliffWarnings;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceMoved;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.server.trend.Trends;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** Stores the last estimate of each instance in SQL, as the JSON document that the native API returns. Thread-safe. */
@Repository
class EstimateStore {

    private final JdbcClient jdbc;
    private final InstanceStore instances;
    private final Trends trends;
    private final CliffWarnings cliffs;
    private final JsonMapper json;

    EstimateStore(JdbcClient jdbc, InstanceStore instances, Trends trends, CliffWarnings cliffs, JsonMapper json) {
        this.jdbc = jdbc;
        this.instances = instances;
        this.trends = trends;
        this.cliffs = cliffs;
        this.json = json;
    }

    /**
     * Replaces the estimate of an instance. Also adds the backlog (the estimated number of expired keys that still hold
     * memory) to the history of the instance, and lets webhooks warn of the cliffs of the forecast. Does nothing if the
     * instance was removed or moved to another server in the meantime, because the estimate then describes no current
     * server.
     *
     * @param estimated the instance as it was when the estimate began
     * @param forecast the forecast of the estimate; null if it has none
     */
    @Transactional
    public void save(Instance estimated, EstimateView estimate, @Nullable ExpiryForecast forecast) {
        UUID instanceId = estimated.id();
        // Without the lock, two estimates that end at the same time could both insert a row.
        Optional<Instance> lockedInstance = instances.lock(estimated.projectId(), instanceId);
        if (lockedInstance.isEmpty() || lockedInstance.get().settings().leadsElsewhere(estimated)) {
            return;
        }
        remove(instanceId);
        jdbc.sql("insert into instance_estimate (instance_id, document, made_by, made_at)"
                        + " values (:id, :document, :by, :at)")
                .param("id", instanceId)
                .param("document", json.writeValueAsString(estimate))
                .param("by", estimate.by())
                .param("at", estimate.madeAt().atOffset(ZoneOffset.UTC))
                .update();

        trends.recordBacklog(instanceId, estimate.dead(), estimate.deadBytes());
        if (forecast != null) {
            cliffs.update(estimated, forecast);
        }
    }

    /** Removes the estimate of an instance that has moved to another server, in the transaction of the move. */
    @EventListener
    public void onInstanceMoved(InstanceMoved event) {
        remove(event.instanceId());
    }

    private void remove(UUID instanceId) {
        jdbc.sql("delete from instance_estimate where instance_id = :id")
                .param("id", instanceId)
                .update();
    }

    /** Returns the last estimate of an instance; empty if there is none. */
    Optional<EstimateView> find(UUID instanceId) {
        return jdbc.sql("select document from instance_estimate where instance_id = :id")
                .param("id", instanceId)
                .query(String.class)
                .optional()
                .map(document -> json.readValue(document, EstimateView.class));
    }
}
