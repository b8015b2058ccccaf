package io.keysweep.site.advisories;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Describes a range of affected versions by the events that an OSV file lists.
 *
 * @param events the events, in any order
 */
record AffectedRange(List<Event> events) {

    /**
     * Describes a version at which a package begins or ceases to be affected.
     *
     * @param type what happens at the version
     * @param version the version; {@code 0} means the very first one
     */
    record Event(Type type, String version) {}

    /** Says what happens at the version of an event. Events at one version apply in the order of these constants. */
    enum Type {
        /** The version and all later ones are no longer affected. */
        FIXED("fixed"),
        /** The range says nothing about the version and all later ones. */
        LIMIT("limit"),
        /** The version and all later ones are affected. */
        INTRODUCED("introduced"),
        /** The versions after this one are no longer affected. */
        LAST_AFFECTED("last_affected");

        private final String osvName;

        Type(String osvName) {
            this.osvName = osvName;
        }

        String osvName() {
            return osvName;
        }
    }

    /** The version that comes before all others. */
    private static final String LOWEST_VERSION = "0";

    /**
     * Returns whether a version is affected. The last event at or below the version decides.
     *
     * @throws IllegalArgumentException if a version has a different form than the ecosystem demands
     */
    boolean affects(Ecosystem ecosystem, String version) {
        boolean affected = false;
        for (Event event : inOrder(ecosystem)) {
            int order = compare(ecosystem, version, event.version());
            affected = switch (event.type()) {
                case INTRODUCED -> affected || order >= 0;
                case FIXED, LIMIT -> affected && order < 0;
                case LAST_AFFECTED -> affected && order <= 0;
            };
        }
        return affected;
    }

    /** Returns the lowest version above a given one in which the package is fixed; empty if there is none. */
    Optional<String> fixedAfter(Ecosystem ecosystem, String version) {
        return inOrder(ecosystem).stream()
                .filter(event -> event.type() == Type.FIXED && compare(ecosystem, event.version(), version) > 0)
                .map(Event::version)
                .findFirst();
    }

    /** Returns the events ordered by version; events at one version are ordered by type. */
    private List<Event> inOrder(Ecosystem ecosystem) {
        Comparator<Event> byVersion = (first, second) -> compare(ecosystem, first.version(), second.version());
        return events.stream().sorted(byVersion.thenComparing(Event::type)).toList();
    }

    private static int compare(Ecosystem ecosystem, String first, String second) {
        if (first.equals(LOWEST_VERSION) || second.equals(LOWEST_VERSION)) {
            return Boolean.compare(second.equals(LOWEST_VERSION), first.equals(LOWEST_VERSION));
        }
        return ecosystem.compare(first, second);
    }
}
