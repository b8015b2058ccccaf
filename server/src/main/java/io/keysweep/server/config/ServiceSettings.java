package io.keysweep.server.config;

import io.keysweep.engine.pacing.PacePolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be set, checked. Immutable from start to stop.
 *
 * @param home folder of data and keys; default {@code ~/.keysweep}, or {@code KEYSWEEP_HOME}
 * @param address where the service listens; default 127.0.0.1
 * @param port TCP port, 0 picks a free one; default 8379
 * @param databaseUrl JDBC URL of a PostgreSQL or H2 database, or null for an H2 file in {@code home}
 * @param databaseUsername database user, or null
 * @param databasePassword its password, or null
 * @param databaseWait how long a start waits for a PostgreSQL that is away; default 60 s
 * @param workerThreads sweeps that run at once in this process; default 16
 * @param heartbeat how often a running sweep shows that its worker lives; default 5 s
 * @param pace how gentle scans are; default {@link PacePolicy#GENTLE}
 * @param manualTimeout when a manual scan ends as failed; default 360 min (DCS user guide)
 * @param retentionAge how long ended scans are kept; default 90 days
 * @param retentionScans how many ended scans of an instance are kept; default 1000
 * @param roles what this process does; default everything
 * @param budget what sweeps may take together; default no limit
 */
public record ServiceSettings(
        Path home,
        String address,
        int port,
        @Nullable String databaseUrl,
        @Nullable String databaseUsername,
        @Nullable String databasePassword,
        Duration databaseWait,
        int workerThreads,
        Duration heartbeat,
        PacePolicy pace,
        Duration manualTimeout,
        Duration retentionAge,
        int retentionScans,
        Set<Role> roles,
        BudgetSettings budget) {

    private static final Duration DATABASE_TRY = Duration.ofSeconds(3);

    public ServiceSettings {
        roles = Collections.unmodifiableSet(EnumSet.copyOf(roles));
    }

    /** Whether the database is PostgreSQL, which several workers may share. */
    public boolean sharedDatabase() {
        return databaseUrl != null && databaseUrl.startsWith("jdbc:postgresql:");
    }

    /** The settings in Spring's own names. */
    public Map<String, Object> asSpringProperties() {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("server.address", address);
        properties.put("server.port", port);
        properties.putAll(databaseProperties());
        properties.put("spring.flyway.placeholders.binary_type", sharedDatabase() ? "bytea" : "blob");
        properties.put("db-scheduler.threads", workerThreads);
        properties.put("db-scheduler.heartbeat-interval", heartbeat.toMillis() + "ms");
        properties.put("db-scheduler.polling-strategy", sharedDatabase() ? "lock-and-fetch" : "fetch");
        return properties;
    }

    private Map<String, Object> databaseProperties() {
        // WRITE_DELAY=0: a commit has left the process when it returns, so kill -9 loses nothing.
        String url = databaseUrl != null
                ? databaseUrl
                : "jdbc:h2:file:" + home.resolve("keysweep")
                        + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0";
        String username = databaseUsername != null ? databaseUsername : "keysweep";
        String password = databasePassword != null ? databasePassword : "";
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("spring.datasource.url", url);
        properties.put("spring.datasource.username", username);
        properties.put("spring.datasource.password", password);
        if (sharedDatabase()) {
            // A connection of its own, as the pool would be made, and complain at length, for every try.
            properties.put("spring.flyway.url", url);
            properties.put("spring.flyway.user", username);
            properties.put("spring.flyway.password", password);
            properties.put("spring.flyway.connect-retries", databaseTries());
            properties.put("spring.flyway.connect-retries-interval", DATABASE_TRY.toSeconds() + "s");
        }
        return properties;
    }

    /** Flyway tries again after 1 s, 2 s, and from then on 3 s. */
    private int databaseTries() {
        return databaseWait.isZero()
                ? 0
                : Math.toIntExact(Math.ceilDiv(databaseWait.toSeconds(), DATABASE_TRY.toSeconds())) + 1;
    }

    /** Never shows the database password. */
    @Override
    public String toString() {
        return "ServiceSettings[home=" + home + ", address=" + address + ", port=" + port + ", databaseUrl="
                + databaseUrl + ", workerThreads=" + workerThreads + ", roles=" + roles + "]";
    }
}
