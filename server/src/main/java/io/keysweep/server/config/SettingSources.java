package io.keysweep.server.config;

import io.keysweep.api.text.FileProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Reads the values of all settings as text from the configuration file, environment variables and arguments.
 *
 * <p>A later source overrides an earlier one, in the order file, environment, arguments. A value that breaks the rule
 * of its setting is not stored. Such values, unknown keys and unreadable files become problems, which {@link
 * SettingsLoader} reports together.
 */
final class SettingSources {

    /**
     * Variables that are not settings, such as the variables of the launcher and of the command line. Any other
     * variable {@code KEYSWEEP_*} must be a setting, so that a misspelt setting is noticed. The variables of fleet
     * documents, which describe all instances of a project, are an exception.
     */
    private static final Set<String> OTHER_VARIABLES = Set.of(
            "KEYSWEEP_HOME",
            "KEYSWEEP_ROOT",
            "KEYSWEEP_LAUNCHER",
            "KEYSWEEP_CACHE",
            "KEYSWEEP_JDK_DIRS",
            "KEYSWEEP_DEBIAN_MIRROR",
            "KEYSWEEP_DEBIAN_KEYRING",
            "KEYSWEEP_JAVA_OPTS",
            "KEYSWEEP_CONTEXT",
            "KEYSWEEP_ENDPOINT",
            "KEYSWEEP_ENDPOINT_CA",
            "KEYSWEEP_ENDPOINT_CERT",
            "KEYSWEEP_ENDPOINT_KEY",
            "KEYSWEEP_ACCESS_KEY",
            "KEYSWEEP_SECRET_KEY",
            "KEYSWEEP_PROJECT_ID",
            "KEYSWEEP_REDIS_PASSWORD",
            "KEYSWEEP_SENTINEL_PASSWORD");

    /** The prefix of variables that fleet documents refer to; see {@code keysweep instances apply}. */
    private static final String FLEET_PREFIX = "KEYSWEEP_FLEET_";

    /** The only arguments of {@code keysweep server}; {@code --config} names the configuration file. */
    private static final Set<String> ARGUMENTS = Set.of("--port", "--address", "--roles", "--config");

    /**
     * Reads each value of a YAML file as the text that stands in the file. YAML would change texts that look like
     * values of another type: the password {@code 0123}, an octal number, would become {@code 83}, and {@code no} would
     * become {@code false}.
     */
    private static final class TextResolver extends Resolver {

        @Override
        protected void addImplicitResolvers() {
            addImplicitResolver(Tag.MERGE, MERGE, "<");
            addImplicitResolver(Tag.NULL, NULL, "~nN\0");
            addImplicitResolver(Tag.NULL, EMPTY, /* first= */ null);
        }
    }

    private final Map<Setting, String> values = new EnumMap<>(Setting.class);
    private final List<String> problems = new ArrayList<>();

    private SettingSources() {}

    /**
     * Reads the configuration file, then the environment, then the arguments.
     *
     * @param home the folder that can contain a {@code keysweep.yaml}; {@code --config} names another file instead
     * @param args the arguments of {@code keysweep server}
     * @param environment the environment variables of the process
     */
    static SettingSources read(Path home, List<String> args, Map<String, String> environment) {
        SettingSources sources = new SettingSources();
        Map<String, String> arguments = sources.parse(args);
        Path standardFile = home.resolve("keysweep.yaml");
        Path file =
                Optional.ofNullable(arguments.remove("--config")).map(Path::of).orElse(standardFile);
        sources.readYaml(file, /* required= */ !file.equals(standardFile));
        sources.readEnvironment(environment);
        arguments.forEach((name, value) -> sources.set(
                switch (name) {
                    case "--port" -> Setting.PORT;
                    case "--roles" -> Setting.ROLES;
                    // ARGUMENTS has no other name; --config was removed above.
                    default -> Setting.ADDRESS;
                },
                value,
                "argument " + name));
        return sources;
    }

    /** Returns the value of a setting; null if no source has a valid one. */
    @Nullable String value(Setting setting) {
        return values.get(setting);
    }

    /** Returns one sentence for each problem in the sources; empty if there is none. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    /**
     * Parses {@code --name value} and {@code --name=value}. Records a problem for each argument that is unknown or has
     * no value. If an argument occurs twice, the last value is used.
     *
     * @return the values by names such as {@code --port}
     */
    private Map<String, String> parse(List<String> args) {
        Map<String, String> valuesByName = new TreeMap<>();
        for (int i = 0; i < args.size(); i++) {
            String name = args.get(i);
            int equals = name.indexOf('=');
            @Nullable String value = null;
            if (equals > 0) {
                value = name.substring(equals + 1);
                name = name.substring(0, equals);
            }
            if (!ARGUMENTS.contains(name)) {
                problems.add("argument " + name + " is unknown; known are --port N, --address HOST, --roles ROLES and"
                        + " --config FILE");
                continue;
            }

            if (value == null && i + 1 < args.size()) {
                // The next argument is the value of this one.
                value = args.get(++i);
            }
            if (value == null) {
                problems.add("argument " + name + " needs a value");
            } else {
                valuesByName.put(name, value);
            }
        }
        return valuesByName;
    }

    /**
     * Sets the settings of a YAML file. Records a problem if the file cannot be read or does not contain keys and
     * values.
     *
     * @param required whether a missing file is a problem, because the operator has named it
     */
    private void readYaml(Path file, boolean required) {
        if (!Files.exists(file)) {
            if (required) {
                problems.add("configuration file " + file + " does not exist");
            }
            return;
        }

        LoaderOptions options = new LoaderOptions();
        // A second value for a key would replace the first value unnoticed.
        options.setAllowDuplicateKeys(false);
        DumperOptions unused = new DumperOptions();
        Yaml yaml =
                new Yaml(new SafeConstructor(options), new Representer(unused), unused, options, new TextResolver());

        try (var reader = Files.newBufferedReader(file)) {
            Object document = yaml.load(reader);
            if (document instanceof Map<?, ?> map) {
                setNested("", map, file);
            } else if (document != null) {
                // An empty file has no document, and sets nothing.
                problems.add(file + " must hold keys and values, such as server.port: 8379");
            }
        } catch (IOException e) {
            problems.add(file + " cannot be read: " + FileProblem.of(e));
        } catch (YAMLException e) {
            problems.add(file + " is not valid YAML: " + e.getMessage());
        }
    }

    /** Sets nested keys by their joined names: {@code server: {port: 8379}} sets {@code server.port}. */
    private void setNested(String prefix, Map<?, ?> map, Path file) {
        map.forEach((name, value) -> {
            String key = prefix + name;
            if (value instanceof Map<?, ?> roles && key.equals(Setting.OIDC_ROLES.key)) {
                set(Setting.OIDC_ROLES, rolesText(roles), file.toString());
            } else if (value instanceof Map<?, ?> inner) {
                setNested(key + ".", inner, file);
            } else {
                Setting.ofKey(key)
                        .ifPresentOrElse(
                                setting -> set(setting, text(value), file.toString()),
                                () -> problems.add(key + " in " + file + " is unknown"));
            }
        });
    }

    /**
     * Returns a YAML value as text. A list is joined with commas, the form of lists in variables and arguments. A key
     * without a value becomes an empty text.
     */
    private static String text(@Nullable Object value) {
        return value instanceof List<?> list
                ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
                : Objects.toString(value, "");
    }

    /** Returns a map as a text in the form of {@code oidc.roles}. The policies of a value can be a list. */
    private static String rolesText(Map<?, ?> map) {
        return map.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + text(entry.getValue()).replace(',', '+'))
                .collect(Collectors.joining(","));
    }

    /**
     * Sets settings from variables such as {@code KEYSWEEP_SERVER_PORT}, sorted so that problems have a stable order.
     */
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

    /**
     * Stores a value, or records a problem if it breaks the rule of its setting. The problem shows the value unless it
     * is secret.
     *
     * @param source where the value comes from, for the problem
     */
    private void set(Setting setting, String value, String source) {
        if (!setting.accepts(value)) {
            problems.add(setting.key + " (" + source + ") is " + (setting.isSecret() ? "***" : "'" + value + "'")
                    + ", must be " + setting.rule);
        } else {
            values.put(setting, value);
        }
    }
}
