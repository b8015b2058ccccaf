package io.keysweep.site.advisories;

/**
 * Is a library of a release, as advisories name it.
 *
 * @param ecosystem the registry of the library
 * @param name its name there: {@code group:artifact} for Maven
 * @param version its version
 */
record Component(Ecosystem ecosystem, String name, String version) {

    /** Returns the form that people read: {@code Maven org.example:lib 1.2}. */
    @Override
    public String toString() {
        return ecosystem + " " + name + " " + version;
    }
}
