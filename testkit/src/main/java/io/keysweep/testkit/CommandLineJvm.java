package io.keysweep.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Builds the commands that start the Keysweep command line as a process in tests of its module. Safe to share between
 * threads.
 *
 * <p>If the module has been packaged, as before integration tests, the processes use an archive of their classes, as
 * {@code ./keysweep} does. The first use takes some seconds, because it creates the archive.
 */
public final class CommandLineJvm {

    private static final String MAIN_CLASS = "io.keysweep.cli.KeysweepCommand";

    /** Options that the launcher of the product also uses. */
    private static final List<String> OPTIONS =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED");

    /** The folder in which Maven packages the command line, relative to its module. */
    private static final Path LIB = Path.of("target", "keysweep-cli", "lib");

    private CommandLineJvm() {}

    /** Creates the command at the first use, and only once per JVM. */
    private static final class Prepared {
        static final List<String> COMMAND = create();

        private static List<String> create() {
            String classPath = ClassArchive.classPathOfJars(packagedJar());
            if (classPath == null) {
                return command(System.getProperty("java.class.path"));
            }
            // Nothing listens on port 1, so the program ends as soon as it has loaded the classes of a sweep.
            List<String> training = new ArrayList<>(command(classPath));
            training.addAll(List.of("sweep", "redis://127.0.0.1:1"));
            Path folder = ClassArchive.newFolder("keysweep-command-line");
            ClassArchive.create(folder, training);
            List<String> command = new ArrayList<>(command(classPath));
            // A warning about the archive would be part of the output that tests compare.
            command.addAll(1, List.of(ClassArchive.option(folder), "-Xlog:disable"));
            return command;
        }

        /** Returns the newest jar of the command line, whose name has the version; null if it is not packaged. */
        private static @Nullable Path packagedJar() {
            try (Stream<Path> files = Files.exists(LIB) ? Files.list(LIB) : Stream.empty()) {
                return files.filter(file -> file.getFileName().toString().startsWith("keysweep-cli-"))
                        .max(Comparator.comparingLong(file -> file.toFile().lastModified()))
                        .orElse(null);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static List<String> command(String classPath) {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString()));
            command.addAll(OPTIONS);
            command.addAll(List.of("-cp", classPath, MAIN_CLASS));
            return List.copyOf(command);
        }
    }

    /**
     * Returns a command that starts the command line.
     *
     * @param options more options for the JVM
     * @param arguments arguments of the command line
     */
    public static List<String> command(List<String> options, List<String> arguments) {
        List<String> command = new ArrayList<>(Prepared.COMMAND);
        command.addAll(1, options);
        command.addAll(arguments);
        return command;
    }

    /** Returns a command that starts the command line with these arguments. */
    public static List<String> command(String... arguments) {
        return command(List.of(), List.of(arguments));
    }
}
