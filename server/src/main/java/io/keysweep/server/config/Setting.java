package io.keysweep.server.config;

import io.keysweep.engine.egress.IpNetwork;
import io.keysweep.engine.egress.PortRange;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Lists the settings that an operator can set, each with its key and the rule for its values.
 *
 * <p>An operator sets {@code server.port} in {@code keysweep.yaml}, or {@code KEYSWEEP_SERVER_PORT} in the environment.
 * {@link ServiceSettings} and the records in it describe the meaning and the defaults. The rule is a text for people;
 * {@link #accepts} checks it.
 */
enum Setting {
    ADDRESS("server.address", "a host name or IP address"),
    PORT("server.port", "a whole number from 0 to 65535", 0, 65_535),
    DATABASE_URL("database.url", "a JDBC URL that begins with jdbc:postgresql: or jdbc:h2:"),
    DATABASE_USERNAME("database.username", "text"),
    DATABASE_PASSWORD("database.password", "text"),
    DATABASE_WAIT("database.wait-seconds", "a whole number from 0 to 3600", 0, 3600),
    WORKER_THREADS("worker.threads", "a whole number from 1 to 256", 1, 256),
    HEARTBEAT("worker.heartbeat-seconds", "a whole number from 1 to 300", 1, 300),
    PROFILE("scan.profile", "gentle, balanced or full"),
    MANUAL_TIMEOUT("scan.manual-timeout-minutes", "a whole number from 1 to 86400", 1, 86_400),
    RETENTION_DAYS("retention.days", "a whole number from 1 to 3650", 1, 3650),
    RETENTION_SCANS("retention.scans-per-instance", "a whole number from 1 to 1000000", 1, 1_000_000),
    FORECAST_HOURS("forecast.hours", "a whole number from 0 to 168", 0, 168),
    ROLES("roles", "one or more of api, console and worker, each once, separated by commas"),
    TRUSTED_PROXIES("server.trusted-proxies", "IP addresses, or networks such as 10.0.0.0/8, separated by commas"),
    CATALOG_REGIONS("catalog.regions", "names of 1 to 64 letters, digits, '-' and '_', separated by commas"),
    SESSION_IDLE("console.idle-minutes", "a whole number from 1 to 1440", 1, 1440),
    SESSION_LIFETIME("console.session-hours", "a whole number from 1 to 168", 1, 168),
    BUDGET_SWEEPS("budget.sweeps", "a whole number from 1 to 1000000", 1, 1_000_000),
    BUDGET_SWEEPS_PER_HOST("budget.sweeps-per-host", "a whole number from 1 to 1000000", 1, 1_000_000),
    BUDGET_RATE_PER_HOST("budget.rate-per-host", "a whole number from 1 to 999999999", 1, 999_999_999),
    BUDGET_SHARE_PER_HOST("budget.share-per-host-percent", "a whole number from 1 to 100000", 1, 100_000),
    LIMIT_CONNECTIONS("limits.connections", "a whole number from 16 to 100000", 16, 100_000),
    LIMIT_REQUEST_SECONDS("limits.request-seconds", "a whole number from 1 to 3600", 1, 3600),
    LIMIT_IDLE_SECONDS("limits.idle-seconds", "a whole number from 1 to 86400", 1, 86_400),
    LIMIT_RATE_PER_KEY("limits.rate-per-key", "a whole number from 1 to 1000000", 1, 1_000_000),
    LIMIT_RATE_PER_ADDRESS("limits.rate-per-address", "a whole number from 1 to 1000000", 1, 1_000_000),
    LIMIT_REQUESTS_PER_KEY("limits.requests-per-key", "a whole number from 1 to 100000", 1, 100_000),
    LIMIT_STREAMS("limits.streams", "a whole number from 1 to 100000", 1, 100_000),
    LIMIT_STREAMS_PER_KEY("limits.streams-per-key", "a whole number from 1 to 100000", 1, 100_000),
    QUOTA_PROJECTS("quota.projects", "a whole number from 1 to 100000", 1, 100_000),
    QUOTA_INSTANCES("quota.instances-per-project", "a whole number from 1 to 100000", 1, 100_000),
    QUOTA_ACCESS_KEYS("quota.access-keys-per-project", "a whole number from 1 to 100000", 1, 100_000),
    QUOTA_KEYS_OF_USER("quota.access-keys-per-user", "a whole number from 0 to 100000", 0, 100_000),
    QUOTA_USERS("quota.users-per-project", "a whole number from 0 to 100000", 0, 100_000),
    EGRESS_ALLOWED("egress.allowed-networks", "one or more IP networks such as 10.0.0.0/8, separated by commas"),
    EGRESS_DENIED("egress.denied-networks", "IP networks such as 169.254.0.0/16, separated by commas, or empty"),
    EGRESS_PORTS("egress.ports", "ports and ranges of ports such as 6379,7000-7005, separated by commas"),
    EGRESS_UNIX_SOCKETS("egress.unix-sockets", "true or false"),
    LOG_FORMAT("log.format", "text, ecs, gelf or logstash"),
    METRICS_ADDRESS("metrics.address", "a host name or IP address"),
    METRICS_PORT("metrics.port", "a whole number from 0 to 65535", 0, 65_535),
    METRICS_TOKEN("metrics.token", "text of 16 to 200 letters, digits and -._~+/="),
    TLS_CERTIFICATE("server.tls.certificate", "the path of a PEM file"),
    TLS_KEY("server.tls.key", "the path of a PEM file"),
    TLS_KEYSTORE("server.tls.keystore", "the path of a PKCS #12 or JKS file"),
    TLS_PASSWORD("server.tls.password", "text"),
    TLS_PASSWORD_FILE("server.tls.password-file", "the path of a text file"),
    TLS_CLIENT_CA("server.tls.client-ca", "the path of a PEM file, or of a keystore if server.tls.keystore is set"),
    TLS_CLIENT_AUTH("server.tls.client-auth", "wanted or required"),
    ALLOW_PLAIN_HTTP("server.allow-plain-http", "true or false"),
    AUDIT_RETENTION_DAYS("audit.retention-days", "a whole number from 1 to 36500", 1, 36_500),
    AUDIT_FILE("audit.file", "an absolute path of a file"),
    AUDIT_SYSLOG("audit.syslog", "HOST or HOST:PORT of a syslog server that receives UDP, with a port from 1 to 65535"),
    OIDC_ISSUER("oidc.issuer", "an https:// URL without query, or http:// on loopback, as the issuer names itself"),
    OIDC_NAME("oidc.name", "text of 1 to 60 characters without control characters"),
    OIDC_CLIENT_ID("oidc.client-id", "text of 1 to 200 characters without spaces"),
    OIDC_CLIENT_SECRET("oidc.client-secret", "text"),
    OIDC_SCOPES("oidc.scopes", "names of scopes that are separated by spaces and include openid"),
    OIDC_AUDIENCE("oidc.audience", "text of 1 to 200 characters without spaces"),
    OIDC_USER_CLAIM("oidc.user-claim", "the name of a claim, 1 to 100 printable characters without spaces"),
    OIDC_ROLES_CLAIM("oidc.roles-claim", "the name of a claim, 1 to 100 printable characters without spaces"),
    OIDC_ROLES(
            "oidc.roles",
            "values of the claim with their policies and project, such as dba=operator+night@payments, separated by"
                    + " commas"),
    OIDC_ALGORITHMS("oidc.algorithms", "one or more of RS256, PS256 and ES256, separated by commas"),
    TRACING_ENDPOINT("tracing.endpoint", "an http:// or https:// URL such as http://127.0.0.1:4318/v1/traces"),
    TRACING_SAMPLE("tracing.sample-percent", "a whole number from 0 to 100", 0, 100);

    /** The key in {@code keysweep.yaml}, such as {@code server.port}. */
    final String key;

    /** The rest of a sentence after "must be", for the message about a bad value. */
    final String rule;

    /** Whether the value is a whole number from {@code min} to {@code max}; if not, both are 0 and have no meaning. */
    final boolean numeric;

    final int min;
    final int max;

    /** Creates a setting whose value is a text; {@link #accepts} checks its rule. */
    Setting(String key, String rule) {
        this(key, rule, /* numeric= */ false, /* min= */ 0, /* max= */ 0);
    }

    /** Creates a setting whose value is a whole number from {@code min} to {@code max}. */
    Setting(String key, String rule, int min, int max) {
        this(key, rule, /* numeric= */ true, min, max);
    }

    Setting(String key, String rule, boolean numeric, int min, int max) {
        this.key = key;
        this.rule = rule;
        this.numeric = numeric;
        this.min = min;
        this.max = max;
    }

    /** Returns the name of the environment variable, such as {@code KEYSWEEP_SERVER_PORT} for {@code server.port}. */
    String environmentVariable() {
        return "KEYSWEEP_" + key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /** Returns whether the value is secret, so that no message may show it. */
    boolean isSecret() {
        return this == DATABASE_PASSWORD || this == METRICS_TOKEN || this == TLS_PASSWORD || this == OIDC_CLIENT_SECRET;
    }

    /**
     * Returns whether a value, as the operator wrote it, obeys the rule of this setting. Only the form of the value is
     * checked: whether a file exists, or fits another setting, is checked later.
     */
    boolean accepts(String value) {
        if (numeric) {
            // The pattern accepts at most 9 digits, so that parseInt cannot overflow.
            return value.matches("\\d{1,9}") && Integer.parseInt(value) >= min && Integer.parseInt(value) <= max;
        }
        return switch (this) {
            case PROFILE -> value.matches("gentle|balanced|full");
            case LOG_FORMAT -> value.matches("text|ecs|gelf|logstash");
            case DATABASE_URL -> value.startsWith("jdbc:postgresql:") || value.startsWith("jdbc:h2:");
            case ROLES -> Role.parse(value).isPresent();
            case TRUSTED_PROXIES -> !value.isBlank() && canBeParsed(() -> IpNetwork.parseList(value));
            case CATALOG_REGIONS -> parts(value).stream().allMatch(region -> region.matches("[A-Za-z0-9_-]{1,64}"));
            case EGRESS_ALLOWED -> !value.isBlank() && canBeParsed(() -> IpNetwork.parseList(value));
            case EGRESS_DENIED -> canBeParsed(() -> IpNetwork.parseList(value));
            case EGRESS_PORTS -> canBeParsed(() -> PortRange.parseList(value));
            case EGRESS_UNIX_SOCKETS, ALLOW_PLAIN_HTTP -> value.matches("true|false");
            case TLS_CLIENT_AUTH -> value.matches("wanted|required");
            case TLS_CERTIFICATE, TLS_KEY, TLS_KEYSTORE, TLS_PASSWORD_FILE, TLS_CLIENT_CA ->
                !value.isBlank() && canBeParsed(() -> Path.of(value));
            // A bearer token has these characters (RFC 6750, section 2.1).
            case METRICS_TOKEN -> value.matches("[A-Za-z0-9\\-._~+/=]{16,200}");
            case AUDIT_FILE -> value.startsWith("/") && value.length() > 1 && value.indexOf('\0') < 0;
            case AUDIT_SYSLOG ->
                value.matches("[^\\s/:]{1,253}(:\\d{1,5})?")
                        && (value.indexOf(':') < 0 || isPort(value.substring(value.indexOf(':') + 1)));
            case TRACING_ENDPOINT ->
                value.matches("https?://[^\\s/?#@]+(/[^\\s?#]*)?") && canBeParsed(() -> URI.create(value));
            case OIDC_ISSUER ->
                value.matches("https?://[^\\s?#@]+")
                        && canBeParsed(() -> URI.create(value))
                        && usesTlsOrLoopback(value);
            case OIDC_NAME -> value.matches("[^\\p{Cntrl}]{1,60}") && !value.isBlank();
            case OIDC_CLIENT_ID, OIDC_AUDIENCE -> value.matches("[\\x21-\\x7E]{1,200}");
            case OIDC_CLIENT_SECRET -> !value.isBlank();
            case OIDC_SCOPES ->
                value.matches("[\\x21-\\x7E]+( [\\x21-\\x7E]+)*") && (" " + value + " ").contains(" openid ");
            case OIDC_USER_CLAIM, OIDC_ROLES_CLAIM -> value.matches("[\\x21-\\x7E]{1,100}");
            case OIDC_ROLES -> canBeParsed(() -> OidcSettings.parseRoles(value));
            case OIDC_ALGORITHMS -> parts(value).stream().allMatch(name -> name.matches("RS256|PS256|ES256"));
            case ADDRESS, METRICS_ADDRESS -> !value.isBlank() && value.strip().equals(value);
            // The user and the passwords can be any text.
            default -> true;
        };
    }

    /** Splits a list at its commas, and strips blanks around the parts. */
    static List<String> parts(String value) {
        return Stream.of(value.split(",", -1)).map(String::strip).toList();
    }

    /** Returns whether a URL uses TLS, or leads to this machine. */
    private static boolean usesTlsOrLoopback(String url) {
        return url.startsWith("https:") || OidcSettings.isLoopback(URI.create(url));
    }

    /** Returns whether a text of one to five digits is a port number from 1 to 65535. */
    private static boolean isPort(String digits) {
        int port = Integer.parseInt(digits);
        return port >= 1 && port <= 65_535;
    }

    /** Returns whether a text can be parsed: the parser returns a value and throws no IllegalArgumentException. */
    private static boolean canBeParsed(Supplier<?> parse) {
        try {
            return parse.get() != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Returns the setting with a key; empty if the key is unknown. */
    static Optional<Setting> ofKey(String key) {
        for (Setting setting : values()) {
            if (setting.key.equals(key)) {
                return Optional.of(setting);
            }
        }
        return Optional.empty();
    }
}
