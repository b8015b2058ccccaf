package io.keysweep.server.iam;

import java.util.Set;
import java.util.stream.Collectors;

/**
 * An access statement allows or denies some actions on some instances; access policies consist of such statements.
 *
 * @param allow true to allow, false to deny
 * @param actions IAM names of actions, {@code dcs:instance:analyze}, or patterns in which {@code *} stands for any text
 * @param instances instances that the statement concerns
 */
public record AccessStatement(boolean allow, Set<String> actions, InstanceSelector instances) {

    public AccessStatement {
        actions = Set.copyOf(actions);
    }

    /** Returns a statement that allows actions on all instances, as the list of actions of an access key does. */
    public static AccessStatement allowing(Set<String> actions) {
        return new AccessStatement(/* allow= */ true, actions, InstanceSelector.ALL);
    }

    /** Returns whether the statement names an action: directly, by a pattern, or by {@link Action#ANALYZE}. */
    boolean concerns(Action action) {
        return (action.isGrantedByAnalyze() && actions.contains(Action.ANALYZE)) || names(action.wireName());
    }

    /**
     * Returns whether the statement has a name or a pattern that matches a text.
     *
     * @param text name of an action, or a pattern: {@code dcs:*} matches {@code dcs:instance:*}
     */
    boolean names(String text) {
        return actions.stream().anyMatch(name -> matches(name, text));
    }

    /**
     * Returns the names of the statement that stand for several actions: patterns, and {@link Action#ANALYZE}.
     *
     * <p>A later release can add actions that these names allow. So a caller who wants to give such a name to others
     * must have the name or a wider pattern. It is not enough to have all current actions of the name.
     */
    Set<String> openNames() {
        return actions.stream()
                .filter(name -> name.contains("*") || name.equals(Action.ANALYZE))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Returns whether a name, in which {@code *} stands for any text, matches a text. */
    static boolean matches(String name, String text) {
        if (!name.contains("*")) {
            return name.equals(text);
        }
        // No regular expression is used, because a hostile pattern could make one take very long.
        String[] parts = name.split("\\*", -1);
        String last = parts[parts.length - 1];
        int end = text.length() - last.length();
        if (!text.startsWith(parts[0]) || !text.endsWith(last)) {
            return false;
        }

        // The parts between the first and the last part must follow in their order.
        int position = parts[0].length();
        for (int i = 1; i < parts.length - 1; i++) {
            int found = text.indexOf(parts[i], position);
            if (found < 0) {
                return false;
            }
            position = found + parts[i].length();
        }
        return position <= end;
    }
}
