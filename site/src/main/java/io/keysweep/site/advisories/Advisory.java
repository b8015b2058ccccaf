package io.keysweep.site.advisories;

import java.util.List;
import java.util.Optional;

/**
 * Describes a security fault of packages, as one OSV file reports it.
 *
 * @param id the id of the advisory, such as {@code GHSA-…}
 * @param aliases other ids of the same fault, such as {@code CVE-…}
 * @param summary the subject of the advisory, in one line
 * @param affected the affected packages; empty if the advisory is withdrawn
 */
record Advisory(String id, List<String> aliases, String summary, List<Affected> affected) {

    /**
     * Names a package that an advisory affects.
     *
     * @param ecosystem the registry of the package
     * @param name the name of the package there
     * @param versions versions that are affected, besides the ranges
     * @param ranges ranges of affected versions
     */
    record Affected(Ecosystem ecosystem, String name, List<String> versions, List<AffectedRange> ranges) {

        boolean concerns(Component component) {
            return ecosystem == component.ecosystem() && name.equals(component.name());
        }

        boolean affects(String version) {
            return versions.contains(version) || ranges.stream().anyMatch(range -> range.affects(ecosystem, version));
        }

        Optional<String> fixedAfter(String version) {
            // Ranges that contain the version decide. If only the list of versions names it, all ranges do.
            List<AffectedRange> containing = ranges.stream()
                    .filter(range -> range.affects(ecosystem, version))
                    .toList();
            List<AffectedRange> relevant = containing.isEmpty() ? ranges : containing;
            return relevant.stream()
                    .flatMap(range -> range.fixedAfter(ecosystem, version).stream())
                    .min(ecosystem::compare);
        }
    }

    /**
     * Returns the finding for a component; empty if the advisory does not affect it.
     *
     * @throws IllegalArgumentException if a version of the component, or of the advisory, cannot be compared
     */
    Optional<AdvisoryFinding> check(Component component) {
        List<Affected> affecting = affected.stream()
                .filter(entry -> entry.concerns(component) && entry.affects(component.version()))
                .toList();
        return affecting.isEmpty()
                ? Optional.empty()
                : Optional.of(new AdvisoryFinding(
                        component,
                        this,
                        affecting.stream()
                                .flatMap(entry -> entry.fixedAfter(component.version()).stream())
                                .min(component.ecosystem()::compare)
                                .orElse("none")));
    }

    /** Returns whether an id is the id of the advisory, or one of its aliases. */
    boolean isCalled(String name) {
        return id.equals(name) || aliases.contains(name);
    }
}
