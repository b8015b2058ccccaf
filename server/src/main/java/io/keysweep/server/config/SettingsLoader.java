package io.keysweep.server.config;

import io.keysweep.api.UserFolders;
import io.keysweep.engine.pacing.PacePolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

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
 * correct them at once.
 */
public final class SettingsLoader {

    /** Variables of the launcher, the CLI and this loader; any other {@code KEYSWEEP_*} variable must be a setting. */
    private static final Set<String> OTHER_VARIABLES = Set.of(
            "KEYSWEEP_HOME",
            "KEYSWEEP_ROOT",
            "KEYSWEEP_LAUNCHER",
            "KEYSWEEP_CACHE",
            "KEYSWEEP_JDK_DIRS",
            "KEYSWEEP_DEBIAN_MIRROR",
            "KEYSWEEP_DEBIAN_KEYRING",
            "KEYSWEEP_JAVA_OPTS",
            "KEYSWEEP_QUICK_JVM",
            "KEYSWEEP_ENDPOINT",
            "KEYSWEEP_ACCESS_KEY",
            "KEYSWEEP_SECRET_KEY",
            "KEYSWEEP_PROJECT_ID",
            "KEYSWEEP_REDIS_PASSWORD",
            "KEYSWEEP_SENTINEL_PASSWORD");

    /** The prefix of variables that fleet documents refer to; see {@code keysweep instances apply}. */
    private static final String FLEET_PREFIX = "KEYSWEEP_FLEET_";

    private final List<String> problems = new ArrayList<>();
    private final Map<Setting, String> values = new EnumMap<>(Setting.class);

    private SettingsLoader() {}

    /**
     * Loads and validates all settings.
     *
     * @param args the arguments of {@code keysweep server}
     * @param environment the environment variables of the process
     * @throws InvalidSettingsException if any setting is invalid; holds all problems
     */
    public static ServiceSettings load(List<String> args, Map<String, String> environment) {
        return new SettingsLoader().read(args, environment);
    }

    private ServiceSettings read(List<String> args, Map<String, String> environment) {
        Path home = home(environment);
        Map<String, String> arguments = arguments(args);
        Path file =
                Optional.ofNullable(arguments.remove("--config")).map(Path::of).orElse(home.resolve("keysweep.yaml"));
        readYaml(file, !file.equals(home.resolve("keysweep.yaml")));
        readEnvironment(environment);
        arguments.forEach((name, value) -> set(
                switch (name) {
                    case "--port" -> Setting.PORT;
                    case "--roles" -> Setting.ROLES;
                    default -> Setting.ADDRESS;
                },
                value,
                "argument " + name));
        Set<Role> roles = roles();
        String url = text(Setting.DATABASE_URL, "jdbc:h2:");
        if (!roles.containsAll(Set.of(Role.API, Role.WORKER)) && url.startsWith("jdbc:h2:")) {
            problems.add("roles is '" + values.get(Setting.ROLES)
                    + "', must include api and worker with an H2 database, which only one process"
                    + " can open; to split the roles, set database.url to a PostgreSQL");
        }
        if (!problems.isEmpty()) {
            throw new InvalidSettingsException(problems);
        }
        return new ServiceSettings(
                home,
                text(Setting.ADDRESS, "127.0.0.1"),
                number(Setting.PORT, 8379),
                values.get(Setting.DATABASE_URL),
                values.get(Setting.DATABASE_USERNAME),
                values.get(Setting.DATABASE_PASSWORD),
                Duration.ofSeconds(number(Setting.DATABASE_WAIT, 60)),
                number(Setting.WORKER_THREADS, 16),
                Duration.ofSeconds(number(Setting.HEARTBEAT, 5)),
                switch (text(Setting.PROFILE, "gentle")) {
                    case "balanced" -> PacePolicy.BALANCED;
                    case "full" -> PacePolicy.FULL;
                    default -> PacePolicy.GENTLE;
                },
                Duration.ofMinutes(number(Setting.MANUAL_TIMEOUT, 360)),
                Duration.ofDays(number(Setting.RETENTION_DAYS, 90)),
                number(Setting.RETENTION_SCANS, 1000),
                roles,
                budget(),
                access());
    }

    private static Path home(Map<String, String> environment) {
        try {
            return UserFolders.keysweepHome(environment).toAbsolutePath().normalize();
        } catch (IllegalStateException e) {
            throw new InvalidSettingsException(List.of(String.valueOf(e.getMessage())));
        }
    }

    private Set<Role> roles() {
        return Optional.ofNullable(values.get(Setting.ROLES))
                .flatMap(Role::parse)
                .orElse(EnumSet.allOf(Role.class));
    }

    private BudgetSettings budget() {
        Integer rate = optional(Setting.BUDGET_RATE_PER_HOST);
        Integer percent = optional(Setting.BUDGET_SHARE_PER_HOST);
        return new BudgetSettings(
                optional(Setting.BUDGET_SWEEPS),
                optional(Setting.BUDGET_SWEEPS_PER_HOST),
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

    private List<String> list(Setting setting, List<String> fallback) {
        String value = values.get(setting);
        return value == null ? fallback : Setting.parts(value);
    }

    /** Parses {@code --name value} and {@code --name=value}; returns the values by names such as {@code --port}. */
    private Map<String, String> arguments(List<String> args) {
        Map<String, String> found = new TreeMap<>();
        for (int i = 0; i < args.size(); i++) {
            String name = args.get(i);
            int equals = name.indexOf('=');
            @Nullable String value = null;
            if (equals > 0) {
                value = name.substring(equals + 1);
                name = name.substring(0, equals);
            }
            if (!Set.of("--port", "--address", "--roles", "--config").contains(name)) {
                problems.add("argument " + name + " is unknown; known are --port N, --address HOST, --roles ROLES and"
                        + " --config FILE");
                continue;
            }
            if (value == null && i + 1 < args.size()) {
                value = args.get(++i);
            }
            if (value == null) {
                problems.add("argument " + name + " needs a value");
            } else {
                found.put(name, value);
            }
        }
        return found;
    }

    /** Reads a YAML file; a missing file is a problem only if the operator has named it ({@code required}). */
    private void readYaml(Path file, boolean required) {
        if (!Files.exists(file)) {
            if (required) {
                problems.add("configuration file " + file + " does not exist");
            }
            return;
        }
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        try (var reader = Files.newBufferedReader(file)) {
            Object document = new Yaml(new SafeConstructor(options)).load(reader);
            if (document instanceof Map<?, ?> map) {
                flatten("", map, file);
            } else if (document != null) {
                problems.add(file + " must hold keys and values, such as server.port: 8379");
            }
        } catch (IOException e) {
            problems.add(file + " cannot be read: " + e.getMessage());
        } catch (YAMLException e) {
            problems.add(file + " is not valid YAML: " + e.getMessage());
        }
    }

    /** Sets nested keys by their joined names: {@code server: {port: 8379}} sets {@code server.port}. */
    private void flatten(String prefix, Map<?, ?> map, Path file) {
        map.forEach((name, value) -> {
            String key = prefix + name;
            if (value instanceof Map<?, ?> inner) {
                flatten(key + ".", inner, file);
            } else {
                Setting.ofKey(key)
                        .ifPresentOrElse(
                                setting -> set(setting, text(value), file.toString()),
                                () -> problems.add(key + " in " + file + " is unknown"));
            }
        });
    }

    /** Joins a YAML list with commas, the form of lists in variables and arguments. */
    private static String text(@Nullable Object value) {
        return value instanceof List<?> list
                ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
                : Objects.toString(value, "");
    }

    private void readEnvironment(Map<String, String> environment) {
        new TreeMap<>(environment).forEach((name, value) -> {
            if (!name.startsWith("KEYSWEEP_") || name.startsWith(FLEET_PREFIX) || OTHER_VARIABLES.contains(name)) {
                return;
            }
            // A name cannot be converted back to a key, because both "." and "-" become "_".
            for (Setting setting : Setting.values()) {
                if (setting.environmentVariable().equals(name)) {
                    set(setting, value, "variable " + name);
                    return;
                }
            }
            problems.add("variable " + name + " is unknown");
        });
    }

    private void set(Setting setting, String value, String source) {
        if (!setting.accepts(value)) {
            problems.add(setting.key + " (" + source + ") is " + (setting.isSecret() ? "***" : "'" + value + "'")
                    + ", must be " + setting.rule);
        } else {
            values.put(setting, value);
        }
    }

    private String text(Setting setting, String fallback) {
        return values.getOrDefault(setting, fallback);
    }

    private int number(Setting setting, int fallback) {
        return Objects.requireNonNullElse(optional(setting), fallback);
    }

    private @Nullable Integer optional(Setting setting) {
        String value = values.get(setting);
        return value == null ? null : Integer.valueOf(value);
    }
}
