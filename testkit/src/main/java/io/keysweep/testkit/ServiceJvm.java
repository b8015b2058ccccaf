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
 * Builds the command that starts the Keysweep service from the class path of the running tests, for
 * {@link ServiceProcess}. Only the server module has the service on its class path.
 *
 * <p>If the service has been packaged, as before integration tests, the command uses an archive of its classes (class
 * data sharing). It halves the CPU time of a start, and tests start the service often.
 */
final class ServiceJvm {

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final String MAIN_CLASS = "io.keysweep.server.ServerMain";

    /** Options that make a start cheap, since most services of tests run only for seconds. */
    private static final List<String> OPTIONS =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-Xlog:disable");

    private ServiceJvm() {}

    /** Creates the command at the first use, and only once per JVM. */
    private static final class Holder {
        static final List<String> COMMAND = create();
    }

    /**
     * Returns the command, to which the caller appends the arguments of the service. The first call takes some seconds
     * if the service has been packaged, because it creates the archive.
     */
    static List<String> get() {
        return Holder.COMMAND;
    }

    private static List<String> create() {
        String classPath = packagedClassPath();
        if (classPath == null) {
            return command(List.of(), System.getProperty("java.class.path"));
        }
        return command(List.of("-XX:SharedArchiveFile=" + archive(classPath)), classPath);
    }

    private static List<String> command(List<String> options, String classPath) {
        List<String> command = new ArrayList<>(List.of(JAVA));
        command.addAll(OPTIONS);
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, MAIN_CLASS));
        return command;
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
     * Starts the service once, until it is ready, archives the classes that it has loaded, and returns the archive. If
     * this fails, the archive does not exist, and Java starts without it.
     */
    private static Path archive(String classPath) {
        try {
            TemporaryFolder folder = TemporaryFolder.create("keysweep-service");
            Runtime.getRuntime().addShutdownHook(new Thread(folder::close, "delete-service-archive"));
            Path archive = folder.resolve("service.jsa");
            List<String> training = new ArrayList<>(command(
                    List.of("-XX:ArchiveClassesAtExit=" + archive, "-Dspring.context.exit=onRefresh"), classPath));
            training.addAll(List.of("--port", "0"));
            ProcessBuilder builder = new ProcessBuilder(training);
            builder.environment().put("KEYSWEEP_HOME", folder.resolve("home").toString());
            Process process = builder.redirectErrorStream(true)
                    .redirectOutput(folder.resolve("training.log").toFile())
                    .start();
            process.waitFor();
            return archive;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
