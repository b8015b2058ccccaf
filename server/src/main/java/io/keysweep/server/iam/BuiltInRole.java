package io.keysweep.server.iam;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A built-in role is an access policy that every project has, and that nobody can change. */
public enum BuiltInRole {
    /** Sees instances, scans, schedules and holds. */
    VIEWER,
    /** Does what a viewer does, and starts, controls and schedules scans. */
    OPERATOR,
    /** Does everything in all projects. */
    ADMINISTRATOR;

    private static final List<Action> VIEW =
            List.of(Action.LIST_SCANS, Action.GET_AUTOSCAN, Action.LIST_INSTANCES, Action.GET_INSTANCE);

    private static final List<Action> OPERATE =
            List.of(Action.ANALYZE_EXPIRED_KEY, Action.CONTROL_SCANS, Action.UPDATE_AUTOSCAN);

    /** Returns the name of the policy, such as {@code viewer}. */
    public String policyName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the statements of the policy. */
    public List<AccessStatement> statements() {
        Stream<String> names = switch (this) {
            case VIEWER -> VIEW.stream().map(Action::wireName);
            case OPERATOR -> Stream.concat(VIEW.stream(), OPERATE.stream()).map(Action::wireName);
            case ADMINISTRATOR -> Stream.of(Action.EVERYTHING);
        };
        return List.of(AccessStatement.allowing(names.collect(Collectors.toUnmodifiableSet())));
    }

    /** Returns the built-in role with a name, such as {@code viewer}; empty if no built-in role has the name. */
    public static Optional<BuiltInRole> find(String name) {
        return Arrays.stream(values())
                .filter(role -> role.policyName().equals(name))
                .findFirst();
    }

    /** Returns all roles in the order of their rights. */
    public static Stream<BuiltInRole> all() {
        return Arrays.stream(values());
    }
}
