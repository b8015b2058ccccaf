package io.keysweep.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds the commands that start the Keysweep service in tests: from the class path of the running tests, for
 * {@link ServiceProcess}, or from the packaged jar. Safe to share between threads.
 *
 * <p>If the service has been packaged, as before integration tests, both use an archive of its classes (class data
 * sharing). It halves the CPU time of a start, and tests start the service often. The first use of a command takes some
 * seconds, because it creates the archive.
 */
public final class ServiceJvm {

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final String MAIN_CLASS = "io.keysweep.server.ServerMain";
    private static final Path PACKAGED_JAR = Path.of("..", "server", "target", "keysweep-server.jar");

    /** Options that make a start cheap, since most services of tests run only for seconds. */
    private static final List<String> OPTIONS =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-Xlog:disable");

    private ServiceJvm() {}

    /** Creates the command at the first use, and only once per JVM. */
    private static final class FromClassPath {
        static final List<String> COMMAND = create();

        private static List<String> create() {
            // The executable jar has the service's classes in an inner folder, and this one does not.
            String classPath = ClassArchive.jars(Path.of("target", "keysweep-server.jar.original"));
            return classPath == null
                    ? command(List.of("-cp", System.getProperty("java.class.path"), MAIN_CLASS))
                    : withArchive(newFolder(), List.of("-cp", classPath, MAIN_CLASS));
        }
    }

    /** Creates the command at the first use, and only once per JVM. */
    private static final class Packaged {
        static final List<String> COMMAND = create();

        private static List<String> create() {
            if (!Files.exists(PACKAGED_JAR)) {
                throw new IllegalStateException(PACKAGED_JAR + " does not exist; './mvnw verify' makes it");
            }
            // Archives exclude the classes of jars within a jar, so the jar is unpacked as the launcher does.
            TemporaryFolder folder = newFolder();
            Path unpacked = folder.resolve("unpacked");
            ClassArchive.run(
                    folder,
                    List.of(
                            JAVA,
                            "-Djarmode=tools",
                            "-jar",
                            PACKAGED_JAR.toString(),
                            "extract",
                            "--destination",
                            unpacked.toString()));
            return withArchive(
                    folder,
                    List.of("-jar", unpacked.resolve("keysweep-server.jar").toString()));
        }
    }

    /**
     * Returns the command that starts the service from the class path, to which the caller appends the arguments of the
     * service. Only the server module has the service on its class path.
     */
    static List<String> fromClassPath() {
        return FromClassPath.COMMAND;
    }

    /**
     * Returns the command that starts the packaged service, to which the caller appends the arguments of the service.
     *
     * @throws ExceptionInInitializerError if the service has not been packaged
     */
    public static List<String> packaged() {
        return Packaged.COMMAND;
    }

    /** Returns the command that uses an archive, whose classes one start of the service loads, until it is ready. */
    private static List<String> withArchive(TemporaryFolder folder, List<String> program) {
        List<String> training = command(program);
        training.addAll(1, List.of("-Dspring.context.exit=onRefresh"));
        training.addAll(List.of("--port", "0"));
        String archive = ClassArchive.create(folder, training);
        List<String> command = command(program);
        command.add(1, archive);
        return List.copyOf(command);
    }

    private static List<String> command(List<String> program) {
        List<String> command = new ArrayList<>(List.of(JAVA));
        command.addAll(OPTIONS);
        command.addAll(program);
        return command;
    }

    private static TemporaryFolder newFolder() {
        return ClassArchive.newFolder("keysweep-service");
    }
}
