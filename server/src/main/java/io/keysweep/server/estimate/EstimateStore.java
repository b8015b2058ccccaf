package io.keysweep.server.estimate;

import io.keysweep.api.EstimateView;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** The last estimate of each instance, in SQL. */
@Repository
class EstimateStore {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    EstimateStore(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** Keeps an estimate in place of the one before; nothing happens if the instance is gone. */
    @Transactional
    public void keep(UUID instanceId, EstimateView estimate) {
        // Whoever holds the instance's row is alone, so that two estimates at once are one after the other.
        boolean there = jdbc.sql("select id from instance where id = :id for update")
                .param("id", instanceId)
                .query(UUID.class)
                .optional()
                .isPresent();
        if (!there) {
            return;
        }
        jdbc.sql("delete from instance_estimate where instance_id = :id")
                .param("id", instanceId)
                .update();
        jdbc.sql("insert into instance_estimate (instance_id, document, made_by, made_at)"
                        + " values (:id, :document, :by, :at)")
                .param("id", instanceId)
                .param("document", json.writeValueAsString(estimate))
                .param("by", estimate.by())
                .param("at", estimate.madeAt().atOffset(ZoneOffset.UTC))
                .update();
    }

    Optional<EstimateView> find(UUID instanceId) {
        return jdbc.sql("select document from instance_estimate where instance_id = :id")
                .param("id", instanceId)
                .query(String.class)
                .optional()
                .map(document -> json.readValue(document, EstimateView.class));
    }
}
