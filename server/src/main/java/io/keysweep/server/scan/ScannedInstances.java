package io.keysweep.server.scan;

import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Reads the name and the address that the instance of a scan had when the scan was created. Thread-safe. */
@Repository
public class ScannedInstances {

    private final JdbcClient jdbc;

    ScannedInstances(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Returns the instance of a scan; empty for a scan of an earlier version of the service, when instances were not
     * stored.
     */
    public Optional<ScannedInstance> find(UUID scanId) {
        return jdbc.sql("select instance_name, instance_uri from scan where id = :id and instance_name is not null")
                .param("id", scanId)
                .query((row, number) -> new ScannedInstance(row.getString(1), row.getString(2)))
                .optional();
    }
}
