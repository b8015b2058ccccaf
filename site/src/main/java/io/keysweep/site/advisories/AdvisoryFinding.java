package io.keysweep.site.advisories;

/**
 * Reports that an advisory affects a library.
 *
 * @param component the affected library
 * @param advisory the advisory
 * @param fixed the lowest version that is not affected, or {@code none}
 */
record AdvisoryFinding(Component component, Advisory advisory, String fixed) {

    /** Returns one line: package, version, id with aliases, summary and fixed version. */
    @Override
    public String toString() {
        String aliases = advisory.aliases().isEmpty() ? "" : " (" + String.join(", ", advisory.aliases()) + ")";
        return component + "  " + advisory.id() + aliases + "  " + advisory.summary() + "  fixed in " + fixed;
    }
}
