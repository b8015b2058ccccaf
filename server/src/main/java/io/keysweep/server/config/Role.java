package io.keysweep.server.config;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A role is a part of the work of the service; the setting {@code roles} assigns roles to a process. */
public enum Role {
    /** The process answers requests to the native API and the DCS API (Huawei Cloud's Distributed Cache Service). */
    API,
    /** The process serves the web console. */
    CONSOLE,
    /** The process runs sweeps, which remove expired keys, and all other background work. */
    WORKER;

    private static final Map<String, Role> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Role::wireName, Function.identity()));

    /**
     * Parses a list of role names that are separated by commas, each with a space after it or without.
     *
     * @return the roles; empty if the list is empty, or if a name is unknown or occurs twice
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

    /** Returns whether a process with the given roles listens for requests. */
    public static boolean listens(Set<Role> roles) {
        return roles.contains(API) || roles.contains(CONSOLE);
    }

    /** Returns the name in lower case, as in settings and in the API. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
