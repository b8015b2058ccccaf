package io.keysweep.benchmarks.result;

/**
 * Describes the machine on which a benchmark ran. Each result file contains it, because figures of different machines
 * are not comparable.
 *
 * @param cores the processors that the JVM sees; server, client and load share them
 * @param java the version and vendor of the JVM
 * @param os the name, version and architecture of the operating system
 */
public record Machine(int cores, String java, String os) {

    /** Returns the description of the machine on which this process runs. */
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
