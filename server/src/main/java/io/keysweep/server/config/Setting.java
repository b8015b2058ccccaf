package io.keysweep.server.config;

import java.util.Locale;
import java.util.Optional;

/**
 * A setting that an operator can set, with its key and the rule for its values.
 *
 * <p>An operator sets {@code server.port} in {@code keysweep.yaml}, or {@code KEYSWEEP_SERVER_PORT} in the environment.
 * {@link ServiceSettings} describes the meaning and the defaults.
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
    ROLES("roles", "one or more of api, console and worker, each once, separated by commas"),
    BUDGET_SWEEPS("budget.sweeps", "a whole number from 1 to 1000000", 1, 1_000_000),
    BUDGET_SWEEPS_PER_HOST("budget.sweeps-per-host", "a whole number from 1 to 1000000", 1, 1_000_000),
    BUDGET_RATE_PER_HOST("budget.rate-per-host", "a whole number from 1 to 999999999", 1, 999_999_999),
    BUDGET_SHARE_PER_HOST("budget.share-per-host-percent", "a whole number from 1 to 100000", 1, 100_000),
    METRICS_ADDRESS("metrics.address", "a host name or IP address"),
    METRICS_PORT("metrics.port", "a whole number from 0 to 65535", 0, 65_535),
    METRICS_TOKEN("metrics.token", "text of 16 to 200 letters, digits and -._~+/=");

    final String key;
    final String rule;
    final boolean number;
    final int min;
    final int max;

    Setting(String key, String rule) {
        this(key, rule, false, 0, 0);
    }

    Setting(String key, String rule, int min, int max) {
        this(key, rule, true, min, max);
    }

    Setting(String key, String rule, boolean number, int min, int max) {
        this.key = key;
        this.rule = rule;
        this.number = number;
        this.min = min;
        this.max = max;
    }

    /** Returns the name of the environment variable, such as {@code KEYSWEEP_SERVER_PORT} for {@code server.port}. */
    String environmentVariable() {
        return "KEYSWEEP_" + key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /** Returns whether the value is secret, so that no message may show it. */
    boolean isSecret() {
        return this == DATABASE_PASSWORD || this == METRICS_TOKEN;
    }

    /** Returns whether a value, as the operator wrote it, obeys the rule of this setting. */
    boolean accepts(String value) {
        if (number) {
            // At most 9 digits, so that parseInt cannot overflow.
            return value.matches("\\d{1,9}") && Integer.parseInt(value) >= min && Integer.parseInt(value) <= max;
        }
        return switch (this) {
            case PROFILE -> value.matches("gentle|balanced|full");
            case DATABASE_URL -> value.startsWith("jdbc:postgresql:") || value.startsWith("jdbc:h2:");
            case ROLES -> Role.parse(value).isPresent();
            // The characters of a bearer token (RFC 6750, section 2.1).
            case METRICS_TOKEN -> value.matches("[A-Za-z0-9\\-._~+/=]{16,200}");
            case ADDRESS, METRICS_ADDRESS -> !value.isBlank() && value.strip().equals(value);
            default -> true;
        };
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
