package io.keysweep.server.config;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a process of the service does. */
public enum Role {
    /** Answers the requests of programs: both APIs. */
    API,
    /** Answers people: the web console. */
    CONSOLE,
    /** Runs sweeps and all other executions. */
    WORKER;

    private static final Map<String, Role> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Role::wireName, Function.identity()));

    /**
     * Reads a list of names with commas between them.
     *
     * @return empty if a name is unknown or given twice, or if there is none
     */
    static Optional<Set<Role>> parse(String text) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (String name : text.split(", ?", -1)) {
            Role role = BY_NAME.get(name);
            if (role == null || !roles.add(role)) {
                return Optional.empty();
            }
        }
        return Optional.of(roles);
    }

    /** Whether a process of those roles listens for requests. */
    public static boolean listens(Set<Role> roles) {
        return roles.contains(API) || roles.contains(CONSOLE);
    }

    /** Lower case, as in settings. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
