package io.keysweep.server.config;

import io.keysweep.api.UserFolders;
import io.keysweep.engine.egress.EgressPolicy;
import io.keysweep.engine.egress.IpNetwork;
import io.keysweep.engine.egress.PortRange;
import io.keysweep.engine.pacing.PacePolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Loads the settings of the service from all sources and validates them.
 *
 * <p>A later source overrides an earlier one:
 *
 * <ol>
 *   <li>defaults,
 *   <li>{@code keysweep.yaml} in the home folder, or the file after {@code --config},
 *   <li>environment variables {@code KEYSWEEP_*},
 *   <li>arguments.
 * </ol>
 *
 * <p>The loader reports all problems together, such as unknown keys and values out of range, so that an operator can
 * correct them at once. Some rules that compare several settings are checked only after each value alone has proved
 * valid.
 */
public final class SettingsLoader {

    private static final int DEFAULT_PORT = 8379;

    private final Path home;
    private final SettingSources sources;
    private final List<String> problems;

    private SettingsLoader(Path home, SettingSources sources) {
        this.home = home;
        this.sources = sources;
        this.problems = new ArrayList<>(sources.problems());
    }

    /**
     * Loads and validates all settings.
     *
     * @param args the arguments of {@code keysweep server}
     * @param environment the environment variables of the process
     * @throws InvalidSettingsException if any setting is invalid, or if there is no home folder; its message names all
     *     problems
     */
    public static ServiceSettings load(List<String> args, Map<String, String> environment) {
        Path home = findHome(environment);
        return new SettingsLoader(home, SettingSources.read(home, args, environment)).validate();
    }

    /** Returns the folder of data and keys, as an absolute path. It need not exist yet. */
    private static Path findHome(Map<String, String> environment) {
        try {
            return UserFolders.keysweepHome(environment).toAbsolutePath().normalize();
        } catch (IllegalStateException e) {
            throw new InvalidSettingsException(List.of(String.valueOf(e.getMessage())));
        }
    }

    /**
     * Checks the rules between settings, and fills in the defaults.
     *
     * @throws InvalidSettingsException if there are problems, including problems of the sources
     */
    private ServiceSettings validate() {
        Set<Role> roles = roles();
        checkCombinations(roles);
        TlsSettings tls = readTls(roles);
        OidcSettings oidc = new OidcSettingsReader(sources, problems).read();
        if (!problems.isEmpty()) {
            throw new InvalidSettingsException(problems);
        }

        return new ServiceSettings(
                home,
                text(Setting.ADDRESS, "127.0.0.1"),
                number(Setting.PORT, DEFAULT_PORT),
                sources.value(Setting.DATABASE_URL),
                sources.value(Setting.DATABASE_USERNAME),
                sources.value(Setting.DATABASE_PASSWORD),
                Duration.ofSeconds(number(Setting.DATABASE_WAIT, 60)),
                number(Setting.WORKER_THREADS, 16),
                Duration.ofSeconds(number(Setting.HEARTBEAT, 5)),
                LogFormat.valueOf(text(Setting.LOG_FORMAT, "text").toUpperCase(Locale.ROOT)),
                pace(),
                Duration.ofMinutes(number(Setting.MANUAL_TIMEOUT, 360)),
                Duration.ofDays(number(Setting.RETENTION_DAYS, 90)),
                number(Setting.RETENTION_SCANS, 1000),
                Duration.ofHours(number(Setting.FORECAST_HOURS, 0)),
                roles,
                budget(),
                access(),
                limits(),
                quotas(),
                egress(),
                new MetricsSettings(
                        text(Setting.METRICS_ADDRESS, "127.0.0.1"),
                        optionalNumber(Setting.METRICS_PORT),
                        sources.value(Setting.METRICS_TOKEN)),
                tls,
                new AuditSettings(
                        Duration.ofDays(number(Setting.AUDIT_RETENTION_DAYS, 365)),
                        sources.value(Setting.AUDIT_FILE),
                        sources.value(Setting.AUDIT_SYSLOG)),
                new TracingSettings(
                        sources.value(Setting.TRACING_ENDPOINT),
                        number(Setting.TRACING_SAMPLE, TracingSettings.NONE.samplePercent())),
                oidc);
    }

    private PacePolicy pace() {
        return switch (text(Setting.PROFILE, "gentle")) {
            case "balanced" -> PacePolicy.BALANCED;
            case "full" -> PacePolicy.FULL;
            // Setting.PROFILE accepts no fourth name.
            default -> PacePolicy.GENTLE;
        };
    }

    /**
     * Returns the settings of TLS; null if the service speaks plain HTTP, or if there are problems already. Records a
     * problem if the settings of TLS do not fit together, or if the service would speak plain HTTP to other machines
     * without {@code server.allow-plain-http}.
     */
    private @Nullable TlsSettings readTls(Set<Role> roles) {
        if (!problems.isEmpty()) {
            // The checks below read other settings, whose values may be missing because they were refused.
            return null;
        }
        TlsSettingsReader reader = new TlsSettingsReader(home, sources, problems);
        TlsSettings tls = reader.read();
        if (tls == null && problems.isEmpty() && !Boolean.parseBoolean(text(Setting.ALLOW_PLAIN_HTTP, "false"))) {
            if (Role.listens(roles)) {
                reader.requireLoopback(Setting.ADDRESS, text(Setting.ADDRESS, "127.0.0.1"));
            }
            if (sources.value(Setting.METRICS_PORT) != null) {
                reader.requireLoopback(Setting.METRICS_ADDRESS, text(Setting.METRICS_ADDRESS, "127.0.0.1"));
            }
        }
        return tls;
    }

    /** Records broken rules between several settings; {@link Setting#accepts} has checked each value alone. */
    private void checkCombinations(Set<Role> roles) {
        String url = text(Setting.DATABASE_URL, "jdbc:h2:");
        if (!roles.containsAll(Set.of(Role.API, Role.WORKER)) && url.startsWith("jdbc:h2:")) {
            problems.add("roles is '" + sources.value(Setting.ROLES)
                    + "', must include api and worker with an H2 database, which only one process"
                    + " can open; to split the roles, set database.url to a PostgreSQL");
        }
        // Skipped if there are problems already: a refused server.port counts as its default, which might equal
        // metrics.port by chance. A port of 0 stands for any free port, which never conflicts.
        Integer metricsPort = problems.isEmpty() ? optionalNumber(Setting.METRICS_PORT) : null;
        if (metricsPort != null
                && metricsPort != 0
                && Role.listens(roles)
                && metricsPort == number(Setting.PORT, DEFAULT_PORT)) {
            problems.add("metrics.port is '" + metricsPort + "', must differ from server.port");
        }
        checkStreams();
    }

    /**
     * Records a problem if event streams, which stay open, could use all connections. No other request, not even one
     * for the health of the service, would then get an answer.
     */
    private void checkStreams() {
        boolean hasStreams = problems.isEmpty() && Role.listens(roles());
        Integer streams = hasStreams ? optionalNumber(Setting.LIMIT_STREAMS) : null;
        int connections =
                streams == null ? 0 : limits().connections(Runtime.getRuntime().maxMemory());
        if (streams != null && streams >= connections) {
            problems.add("limits.streams is '" + streams + "', must be less than limits.connections, which is '"
                    + connections + "'" + (sources.value(Setting.LIMIT_CONNECTIONS) == null ? " by the heap" : ""));
        }
    }

    /** Returns the roles of this process: the parts of the service's work that it does. The default is all roles. */
    private Set<Role> roles() {
        return Optional.ofNullable(sources.value(Setting.ROLES))
                .flatMap(Role::parse)
                .orElse(EnumSet.allOf(Role.class));
    }

    private BudgetSettings budget() {
        Integer rate = optionalNumber(Setting.BUDGET_RATE_PER_HOST);
        Integer percent = optionalNumber(Setting.BUDGET_SHARE_PER_HOST);
        return new BudgetSettings(
                optionalNumber(Setting.BUDGET_SWEEPS),
                optionalNumber(Setting.BUDGET_SWEEPS_PER_HOST),
                rate == null ? null : Long.valueOf(rate),
                percent == null ? null : percent / 100.0);
    }

    private AccessSettings access() {
        AccessSettings defaults = AccessSettings.DEFAULT;
        return new AccessSettings(
                list(Setting.CATALOG_REGIONS, defaults.catalogRegions()),
                list(Setting.TRUSTED_PROXIES, defaults.trustedProxies()),
                Duration.ofMinutes(number(
                        Setting.SESSION_IDLE, (int) defaults.sessionIdle().toMinutes())),
                Duration.ofHours(number(Setting.SESSION_LIFETIME, (int)
                        defaults.sessionLifetime().toHours())));
    }

    /** Returns the parts of a list that is separated by commas. */
    private List<String> list(Setting setting, List<String> fallback) {
        String value = sources.value(setting);
        return value == null ? fallback : Setting.parts(value);
    }

    private LimitSettings limits() {
        LimitSettings fallback = LimitSettings.DEFAULT;
        return new LimitSettings(
                optionalNumber(Setting.LIMIT_CONNECTIONS),
                seconds(Setting.LIMIT_REQUEST_SECONDS, fallback.requestTime()),
                seconds(Setting.LIMIT_IDLE_SECONDS, fallback.idleTime()),
                number(Setting.LIMIT_RATE_PER_KEY, fallback.ratePerKey()),
                number(Setting.LIMIT_RATE_PER_ADDRESS, fallback.ratePerAddress()),
                number(Setting.LIMIT_REQUESTS_PER_KEY, fallback.requestsPerKey()),
                optionalNumber(Setting.LIMIT_STREAMS),
                number(Setting.LIMIT_STREAMS_PER_KEY, fallback.streamsPerKey()));
    }

    private QuotaSettings quotas() {
        QuotaSettings fallback = QuotaSettings.DEFAULT;
        return new QuotaSettings(
                number(Setting.QUOTA_PROJECTS, fallback.projects()),
                number(Setting.QUOTA_INSTANCES, fallback.instancesPerProject()),
                number(Setting.QUOTA_ACCESS_KEYS, fallback.accessKeysPerProject()),
                number(Setting.QUOTA_KEYS_OF_USER, fallback.accessKeysPerUser()),
                number(Setting.QUOTA_USERS, fallback.usersPerProject()));
    }

    private Duration seconds(Setting setting, Duration fallback) {
        return Duration.ofSeconds(number(setting, Math.toIntExact(fallback.toSeconds())));
    }

    private EgressPolicy egress() {
        String allowedNetworks = sources.value(Setting.EGRESS_ALLOWED);
        String deniedNetworks = sources.value(Setting.EGRESS_DENIED);
        String ports = sources.value(Setting.EGRESS_PORTS);
        return new EgressPolicy(
                allowedNetworks == null ? EgressPolicy.SERVICE.allowed() : IpNetwork.parseList(allowedNetworks),
                deniedNetworks == null ? EgressPolicy.SERVICE.denied() : IpNetwork.parseList(deniedNetworks),
                ports == null ? EgressPolicy.SERVICE.ports() : PortRange.parseList(ports),
                Boolean.parseBoolean(text(Setting.EGRESS_UNIX_SOCKETS, "false")));
    }

    private String text(Setting setting, String fallback) {
        return Objects.requireNonNullElse(sources.value(setting), fallback);
    }

    private int number(Setting setting, int fallback) {
        return Objects.requireNonNullElse(optionalNumber(setting), fallback);
    }

    private @Nullable Integer optionalNumber(Setting setting) {
        String value = sources.value(setting);
        return value == null ? null : Integer.valueOf(value);
    }
}
