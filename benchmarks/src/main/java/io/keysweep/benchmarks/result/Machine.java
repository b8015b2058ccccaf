package io.keysweep.benchmarks.result;

/**
 * Where a result was measured; without it no figure means anything.
 *
 * @param cores processors that the JVM sees; server, client and load share them
 * @param java version and vendor of the JVM
 * @param os name, version and architecture of the system
 */
public record Machine(int cores, String java, String os) {

    /** This one. */
    public static Machine here() {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                property("java.version") + ", " + property("java.vendor"),
                property("os.name") + " " + property("os.version") + " " + property("os.arch"));
    }

    private static String property(String name) {
        return System.getProperty(name, "unknown");
    }
}
