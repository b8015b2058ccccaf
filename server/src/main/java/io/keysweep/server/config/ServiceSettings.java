package io.keysweep.server.config;

import io.keysweep.engine.egress.EgressPolicy;
import io.keysweep.engine.pacing.PacePolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Contains the validated settings of this process, which {@link SettingsLoader} has loaded. Immutable.
 *
 * <p>A change of a setting takes effect only at the next start.
 *
 * @param home folder of data and keys; default {@code ~/.keysweep}, or {@code KEYSWEEP_HOME}
 * @param address host name or IP address on which the service listens; default 127.0.0.1
 * @param port TCP port on which the service listens, 0 for any free port; default 8379
 * @param databaseUrl JDBC URL of a PostgreSQL or H2 database, or null for an H2 file in {@code home} (default)
 * @param databaseUsername database user, or null
 * @param databasePassword password of the database user, or null
 * @param databaseWait how long the start waits for an unreachable PostgreSQL; default 60 s
 * @param workerThreads maximum number of sweeps that run at the same time in this process; a sweep is the part of a
 *     scan that visits one primary; default 16
 * @param heartbeat interval of the heartbeats by which a worker shows that it is alive; default 5 s
 * @param logFormat how log lines are written; default {@link LogFormat#TEXT}
 * @param pace how much load scans may put on a server: the longest time for which one step (a call that visits keys)
 *     may occupy its main thread, and the part of that thread's time for all steps; default {@link PacePolicy#GENTLE}
 * @param manualTimeout time after which a manual scan fails; default 360 min, as in the user guide of Huawei Cloud DCS
 * @param retentionAge how long ended scans are kept; default 90 days
 * @param retentionScans how many ended scans of an instance are kept; default 1000
 * @param forecastInterval time from the end of the forecasts for all instances until they are made again; default 0,
 *     for no forecasts
 * @param roles roles of this process; default all roles
 * @param budget limits for all sweeps together; default no limits
 * @param access how clients reach the service and how long people stay signed in
 * @param limits limits for clients of this process; default {@link LimitSettings#DEFAULT}
 * @param quotas limits on how much may be stored; default {@link QuotaSettings#DEFAULT}
 * @param egress addresses that the service may connect to for instances and webhooks; default {@link
 *     EgressPolicy#SERVICE}. Addresses in these settings, which only an operator can set, are not limited
 * @param metrics where the metrics page is served, and to whom; default nowhere
 * @param tls certificate and key of the service, or null if it speaks plain HTTP (default)
 * @param audit how long the audit log is kept, and where copies of it go
 * @param tracing where traces are sent; default nowhere
 * @param oidc the OpenID Connect issuer at which people sign in; null for none (default)
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
        LogFormat logFormat,
        PacePolicy pace,
        Duration manualTimeout,
        Duration retentionAge,
        int retentionScans,
        Duration forecastInterval,
        Set<Role> roles,
        BudgetSettings budget,
        AccessSettings access,
        LimitSettings limits,
        QuotaSettings quotas,
        EgressPolicy egress,
        MetricsSettings metrics,
        @Nullable TlsSettings tls,
        AuditSettings audit,
        TracingSettings tracing,
        @Nullable OidcSettings oidc) {

    /** The longest time that a call to a PostgreSQL server may take. */
    private static final Duration DATABASE_CALL_LIMIT = Duration.ofSeconds(60);

    /**
     * The time that a transaction may do nothing before PostgreSQL ends it. A process that is frozen in a
     * transaction would otherwise keep its row locks, for which all other processes wait. In normal operation, a
     * transaction never waits for anything but the database.
     */
    private static final Duration IDLE_TRANSACTION_LIMIT = Duration.ofSeconds(10);

    /** The longest time that Flyway, which creates the tables, waits between two attempts to connect. */
    private static final Duration CONNECT_RETRY_INTERVAL = Duration.ofSeconds(3);

    /**
     * Threads of a worker for everything but sweeps: deliveries, starts of scans, plans of rounds, recurring checks.
     */
    private static final int SHORT_WORK_THREADS = 8;

    public ServiceSettings {
        // An EnumSet has the order of the enum, so that texts with the roles are always the same.
        roles = Collections.unmodifiableSet(EnumSet.copyOf(roles));
    }

    /** Returns whether the database is PostgreSQL, which several processes can share. */
    public boolean sharedDatabase() {
        return databaseUrl != null && databaseUrl.startsWith("jdbc:postgresql:");
    }

    /**
     * Returns whether this process listens for HTTP requests at all. A process with the role worker alone listens only
     * if it has a metrics port.
     */
    public boolean listens() {
        return Role.listens(roles) || metrics.port() != null;
    }

    /** Returns the properties of Spring Boot and db-scheduler that follow from the settings. */
    public Map<String, Object> asSpringProperties() {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.putAll(webProperties());
        properties.putAll(proxyProperties());
        properties.putAll(SpringText.literals(databaseProperties()));
        // PostgreSQL and H2 have different names for the type of binary columns.
        properties.put("spring.flyway.placeholders.binary_type", sharedDatabase() ? "bytea" : "blob");
        properties.put("keysweep.tracing", tracing.isOn());
        properties.put("keysweep.oidc", oidc != null);
        // Permits limit sweeps to workerThreads. The other threads are for short work, which sweeps must not delay.
        properties.put("db-scheduler.threads", workerThreads + SHORT_WORK_THREADS);
        properties.put("db-scheduler.heartbeat-interval", heartbeat.toMillis() + "ms");
        // On PostgreSQL several processes claim work at the same time; lock-and-fetch avoids conflicts between them.
        properties.put("db-scheduler.polling-strategy", sharedDatabase() ? "lock-and-fetch" : "fetch");
        return properties;
    }

    /**
     * Returns the properties that make Tomcat believe the {@code X-Forwarded-*} headers of trusted proxies. If no proxy
     * is trusted, the headers have no effect, so that no client can claim another address.
     */
    private Map<String, Object> proxyProperties() {
        if (access.trustedProxies().isEmpty()) {
            return Map.of("server.forward-headers-strategy", "none");
        }
        // Tomcat reads the list as networks only if it has a slash, and otherwise as a regular expression.
        String networks = access.trustedProxies().stream()
                .map(proxy -> proxy.contains("/") ? proxy : proxy + (proxy.contains(":") ? "/128" : "/32"))
                .collect(Collectors.joining(","));
        return Map.of("server.forward-headers-strategy", "native", "server.tomcat.remoteip.internal-proxies", networks);
    }

    /** Returns the properties of the web server and of Spring Boot's Actuator, which serves health and metrics. */
    private Map<String, Object> webProperties() {
        Map<String, Object> properties = new LinkedHashMap<>();
        Integer metricsPort = metrics.port();
        if (metricsPort == null || Role.listens(roles)) {
            properties.put("server.address", address);
            properties.put("server.port", port);
            if (metricsPort != null) {
                properties.put("management.server.address", metrics.address());
                properties.put("management.server.port", metricsPort);
            }
        } else {
            // A process that is only a worker serves nothing but the metrics, so its web server uses their port.
            properties.put("server.address", metrics.address());
            properties.put("server.port", metricsPort);
        }
        if (tls != null) {
            properties.putAll(tls.bundleProperties());
            properties.putAll(tls.serverProperties("server"));
            if (properties.containsKey("management.server.port")) {
                properties.putAll(tls.serverProperties("management.server"));
            }
        }
        properties.put("management.endpoints.web.exposure.include", metrics.open() ? "health,prometheus" : "health");
        return properties;
    }

    /** Returns the properties of the connection pool and, for PostgreSQL, of Flyway. */
    private Map<String, Object> databaseProperties() {
        // WRITE_DELAY=0: a commit returns after its data has left the process, so kill -9 loses nothing.
        // LOCK_TIMEOUT: a call waits as long for a lock as for a connection, since a process may be frozen.
        // TIME ZONE=UTC: db-scheduler hands over local times in UTC, which H2 would read in the zone of the JVM.
        String url = databaseUrl != null
                ? databaseUrl
                : "jdbc:h2:file:" + home.resolve("keysweep")
                        + ";TIME ZONE=UTC;WRITE_DELAY=0;LOCK_TIMEOUT=10000;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0";
        String username = databaseUsername != null ? databaseUsername : "keysweep";
        String password = databasePassword != null ? databasePassword : "";
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("spring.datasource.url", url);
        properties.put("spring.datasource.username", username);
        properties.put("spring.datasource.password", password);
        if (sharedDatabase()) {
            properties.putAll(postgresProperties(url, username, password));
        }
        return properties;
    }

    /** Returns the properties for PostgreSQL: time limits for a server that hangs, and the connection of Flyway. */
    private Map<String, Object> postgresProperties(String url, String username, String password) {
        Map<String, Object> properties = new LinkedHashMap<>();
        // A call to a database host that hangs or has lost its power ends after this time. The parameters of the
        // URL have precedence.
        String pool = "spring.datasource.hikari.data-source-properties.";
        properties.put(pool + "socketTimeout", Long.toString(DATABASE_CALL_LIMIT.toSeconds()));
        properties.put(pool + "tcpKeepAlive", "true");
        properties.put(
                "spring.datasource.hikari.connection-init-sql",
                "set idle_in_transaction_session_timeout = " + IDLE_TRANSACTION_LIMIT.toMillis());
        // Flyway has reached the database before. If the database stalls just then, the first connection is tried
        // again.
        properties.put(
                "spring.datasource.hikari.initialization-fail-timeout",
                Long.toString(Math.max(1, databaseWait.toMillis())));
        // Flyway gets its own connection, because each retry with the pool would create a new pool that logs long
        // errors.
        properties.put("spring.flyway.url", url);
        properties.put("spring.flyway.user", username);
        properties.put("spring.flyway.password", password);
        properties.put("spring.flyway.connect-retries", connectRetries());
        properties.put("spring.flyway.connect-retries-interval", CONNECT_RETRY_INTERVAL.toSeconds() + "s");
        return properties;
    }

    /**
     * Converts {@code databaseWait} into a number of retries: Flyway retries after 1 s, 2 s, and then every 3 s. A wait
     * of 60 s is 21 retries.
     */
    private int connectRetries() {
        return databaseWait.isZero()
                ? 0
                : Math.toIntExact(Math.ceilDiv(databaseWait.toSeconds(), CONNECT_RETRY_INTERVAL.toSeconds())) + 1;
    }

    /** Returns a text for logs with the most important settings, without parameters of the URL, such as a password. */
    @Override
    public String toString() {
        String database = databaseUrl == null ? null : databaseUrl.split("[?;]", 2)[0];
        return "ServiceSettings[home=" + home + ", address=" + address + ", port=" + port + ", databaseUrl=" + database
                + ", workerThreads=" + workerThreads + ", roles=" + roles + "]";
    }
}
