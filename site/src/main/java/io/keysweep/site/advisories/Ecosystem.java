package io.keysweep.site.advisories;

import java.util.Optional;
import org.apache.maven.artifact.versioning.ComparableVersion;

/** Names the package registries whose advisories are checked, each with the order of its versions. */
enum Ecosystem {
    /** Maven Central; a package is {@code group:artifact}. */
    MAVEN("Maven"),
    /** The npm registry; a package is a name with or without a scope. */
    NPM("npm");

    private final String osvName;

    Ecosystem(String osvName) {
        this.osvName = osvName;
    }

    /** Finds the ecosystem of an OSV file; a suffix such as {@code Maven:https://repo.example} names a registry. */
    static Optional<Ecosystem> ofOsv(String name) {
        int colon = name.indexOf(':');
        String nameWithoutRegistry = colon < 0 ? name : name.substring(0, colon);
        for (Ecosystem ecosystem : values()) {
            if (ecosystem.osvName.equals(nameWithoutRegistry)) {
                return Optional.of(ecosystem);
            }
        }
        return Optional.empty();
    }

    /**
     * Compares two versions by the order of the ecosystem.
     *
     * @throws IllegalArgumentException if a version has a different form than the ecosystem demands
     */
    int compare(String first, String second) {
        return switch (this) {
            case MAVEN -> new ComparableVersion(first).compareTo(new ComparableVersion(second));
            case NPM -> SemanticVersion.parse(first).compareTo(SemanticVersion.parse(second));
        };
    }

    /** Returns the name as OSV files write it. */
    @Override
    public String toString() {
        return osvName;
    }
}
