package io.keysweep.site.advisories;

/**
 * Names a library of a release in the way that advisories name it.
 *
 * @param ecosystem the registry of the library
 * @param name the name of the library in the registry, {@code group:artifact} for Maven
 * @param version the version of the library
 */
record Component(Ecosystem ecosystem, String name, String version) {

    /** Returns the form that people read: {@code Maven org.example:lib 1.2}. */
    @Override
    public String toString() {
        return ecosystem + " " + name + " " + version;
    }
}
