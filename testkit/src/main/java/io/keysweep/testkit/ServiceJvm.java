package io.keysweep.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds the commands that start the Keysweep service in tests. The service comes from the packaged jar, or from the
 * class path of the running tests if there is no jar. Safe to share between threads.
 *
 * <p>The packaged service starts with an archive of its classes (class data sharing). The archive halves the CPU time
 * of a start, and tests start the service often. The first use in a build takes some seconds, because it creates the
 * archive.
 */
public final class ServiceJvm {

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final String MAIN_CLASS = "io.keysweep.server.ServerMain";
    private static final Path PACKAGED_JAR = Path.of("..", "server", "target", "keysweep-server.jar");

    /**
     * The jar before Spring Boot repackages it. The time of its last change distinguishes builds. The repackaged jar
     * always has the same time, because its build is reproducible.
     */
    private static final Path PLAIN_JAR = PACKAGED_JAR.resolveSibling("keysweep-server.jar.original");

    /** The folder for the unpacked jar and its archive. */
    private static final Path PREPARED = Path.of("..", "server", "target", "service-of-tests")
            .toAbsolutePath()
            .normalize();

    /** Options that make a start cheap, since most services of tests run only for seconds. */
    private static final List<String> OPTIONS =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-Xlog:disable");

    private ServiceJvm() {}

    /**
     * Creates the command for the packaged service at the first use. The tests of three modules share the archive, so
     * it is created once per build of the service.
     */
    private static final class Packaged {
        static final List<String> COMMAND = create();

        private static List<String> create() {
            if (!Files.exists(PACKAGED_JAR)) {
                throw new IllegalStateException(PACKAGED_JAR + " does not exist; './mvnw verify' makes it");
            }
            Path unpackedFolder = PREPARED.resolve("unpacked");
            List<String> program = List.of(
                    "-jar", unpackedFolder.resolve("keysweep-server.jar").toString());
            ClassArchive.prepareOnce(PREPARED, PLAIN_JAR, folder -> {
                // Archives exclude the classes of jars within a jar, so the jar is unpacked as the launcher does.
                ClassArchive.run(
                        folder,
                        List.of(
                                JAVA,
                                "-Djarmode=tools",
                                "-jar",
                                PACKAGED_JAR.toString(),
                                "extract",
                                "--destination",
                                unpackedFolder.toString()));
                ClassArchive.create(folder, trainingCommand(program));
            });
            return withArchive(PREPARED, program);
        }
    }

    /**
     * Returns the command that starts the service, without arguments of the service. In a build it runs the packaged
     * jar. In an editor, where no jar exists, it runs the classes of the class path; only the server module has the
     * service on its class path.
     */
    static List<String> packagedOrClasses() {
        return Files.exists(PACKAGED_JAR) && Files.exists(PLAIN_JAR)
                ? packaged()
                : List.copyOf(command(List.of("-cp", System.getProperty("java.class.path"), MAIN_CLASS)));
    }

    /**
     * Returns the command that starts the packaged service, without arguments of the service.
     *
     * @throws ExceptionInInitializerError if the service has not been packaged
     */
    public static List<String> packaged() {
        return Packaged.COMMAND;
    }

    /** Returns the command that uses the archive in a folder. */
    private static List<String> withArchive(Path folder, List<String> program) {
        List<String> command = command(program);
        command.add(1, ClassArchive.option(folder));
        return List.copyOf(command);
    }

    /**
     * Returns a command that loads the classes for an archive: it starts the service and ends as soon as the service is
     * ready.
     */
    private static List<String> trainingCommand(List<String> program) {
        List<String> command = command(program);
        command.add(1, "-Dspring.context.exit=onRefresh");
        command.addAll(List.of("--port", "0"));
        return command;
    }

    private static List<String> command(List<String> program) {
        List<String> command = new ArrayList<>(List.of(JAVA));
        command.addAll(OPTIONS);
        command.addAll(program);
        return command;
    }
}
