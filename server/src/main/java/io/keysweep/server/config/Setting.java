package io.keysweep.server.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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
    TRUSTED_PROXIES("server.trusted-proxies", "IP addresses, or networks such as 10.0.0.0/8, separated by commas"),
    CATALOG_REGIONS("catalog.regions", "names of 1 to 64 letters, digits, '-' and '_', separated by commas"),
    SESSION_IDLE("console.idle-minutes", "a whole number from 1 to 1440", 1, 1440),
    SESSION_LIFETIME("console.session-hours", "a whole number from 1 to 168", 1, 168),
    BUDGET_SWEEPS("budget.sweeps", "a whole number from 1 to 1000000", 1, 1_000_000),
    BUDGET_SWEEPS_PER_HOST("budget.sweeps-per-host", "a whole number from 1 to 1000000", 1, 1_000_000),
    BUDGET_RATE_PER_HOST("budget.rate-per-host", "a whole number from 1 to 999999999", 1, 999_999_999),
    BUDGET_SHARE_PER_HOST("budget.share-per-host-percent", "a whole number from 1 to 100000", 1, 100_000);

    private static final Pattern NETWORK =
            Pattern.compile("(?<address>\\d{1,3}(\\.\\d{1,3}){3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*)(/(?<bits>\\d{1,3}))?");

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
        return this == DATABASE_PASSWORD;
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
            case TRUSTED_PROXIES -> parts(value).stream().allMatch(Setting::isNetwork);
            case CATALOG_REGIONS -> parts(value).stream().allMatch(region -> region.matches("[A-Za-z0-9_-]{1,64}"));
            case ADDRESS -> !value.isBlank() && value.strip().equals(value);
            default -> true;
        };
    }

    /** Splits a list at its commas, and strips blanks around the parts. */
    static List<String> parts(String value) {
        return Stream.of(value.split(",", -1)).map(String::strip).toList();
    }

    /** Returns whether a text is an IP address, or a network in the form {@code address/bits}. */
    private static boolean isNetwork(String text) {
        Matcher network = NETWORK.matcher(text);
        if (!network.matches()) {
            return false;
        }
        try {
            // The pattern admits no letter beyond f and requires a dot or a colon, so no name is ever looked up.
            int bits = InetAddress.getByName(network.group("address")).getAddress().length * Byte.SIZE;
            return network.group("bits") == null || Integer.parseInt(network.group("bits")) <= bits;
        } catch (UnknownHostException e) {
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
