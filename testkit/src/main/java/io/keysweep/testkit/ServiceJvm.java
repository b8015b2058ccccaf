package io.keysweep.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
            String classPath = packagedClassPath();
            return classPath == null
                    ? command(List.of(), List.of("-cp", System.getProperty("java.class.path"), MAIN_CLASS))
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
            run(
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

    private static List<String> command(List<String> options, List<String> program) {
        List<String> command = new ArrayList<>(List.of(JAVA));
        command.addAll(OPTIONS);
        command.addAll(options);
        command.addAll(program);
        return List.copyOf(command);
    }

    /**
     * Returns the class path with the service's jar in place of its folder, because archives need jars. Other folders,
     * such as those of test classes, are left out. Null if the service is not packaged.
     */
    private static @Nullable String packagedClassPath() {
        List<String> jars = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path path = Path.of(entry);
            if (Files.isRegularFile(path)) {
                jars.add(entry);
            } else if (path.endsWith("target/classes")) {
                // The executable jar has the service's classes in an inner folder, and this one does not.
                Path jar = path.resolveSibling("keysweep-server.jar.original");
                if (!Files.exists(jar)) {
                    return null;
                }
                jars.add(jar.toString());
            }
        }
        return String.join(File.pathSeparator, jars);
    }

    /**
     * Starts the service once, until it is ready, archives the classes that it has loaded, and returns the command that
     * uses the archive. If this fails, the archive does not exist, and Java starts without it.
     */
    private static List<String> withArchive(TemporaryFolder folder, List<String> program) {
        Path archive = folder.resolve("service.jsa");
        List<String> training = new ArrayList<>(
                command(List.of("-XX:ArchiveClassesAtExit=" + archive, "-Dspring.context.exit=onRefresh"), program));
        training.addAll(List.of("--port", "0"));
        run(folder, training);
        return command(List.of("-XX:SharedArchiveFile=" + archive), program);
    }

    /** Creates a folder that is deleted when this JVM ends. */
    private static TemporaryFolder newFolder() {
        TemporaryFolder folder = TemporaryFolder.create("keysweep-service");
        Runtime.getRuntime().addShutdownHook(new Thread(folder::close, "delete-service-archive"));
        return folder;
    }

    /** Runs a command to its end. Its output goes to a log in the folder. */
    private static void run(TemporaryFolder folder, List<String> command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().put("KEYSWEEP_HOME", folder.resolve("home").toString());
            Process process = builder.redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve("service.log").toFile()))
                    .start();
            process.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
