package io.keysweep.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes archives of the classes that a program loads (class data sharing), so that the program starts faster.
 *
 * <p>With an archive, a program needs half the CPU time to start. This matters because tests start the service and the
 * command line often.
 */
final class ClassArchive {

    private ClassArchive() {}

    /** Creates a folder that is deleted when this JVM ends. */
    static Path newFolder(String prefix) {
        TemporaryFolder folder = TemporaryFolder.create(prefix);
        Runtime.getRuntime().addShutdownHook(new Thread(folder::close, "delete-class-archive"));
        return folder.path();
    }

    /**
     * Fills a folder for a build of a jar, unless it was filled for this build and this Java before. The folder stays
     * for the tests of other modules. Waits while another process fills it.
     *
     * @param jar a file that every build writes again, so that the time of its last change distinguishes builds
     * @param fill fills the empty folder, and creates the archive in it
     */
    @SuppressWarnings("try") // The lock only has to be held.
    static void prepareOnce(Path folder, Path jar, Consumer<Path> fill) {
        Path mark = folder.resolve("filled-for");
        try (FileChannel file = FileChannel.open(
                        folder.resolveSibling(folder.getFileName() + ".lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
                FileLock lock = file.lock()) {
            String build = Files.getLastModifiedTime(jar) + " " + System.getProperty("java.home");
            if (!Files.exists(mark) || !Files.readString(mark).equals(build)) {
                if (Files.exists(folder)) {
                    TemporaryFolder.delete(folder);
                }
                fill.accept(Files.createDirectories(folder));
                // Without an archive, the next test run tries again.
                if (Files.exists(archiveFile(folder))) {
                    Files.writeString(mark, build);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the class path of this JVM with a jar instead of the folder with the classes of this module, because
     * archives need jars. Leaves out the folder with its test classes. Returns null if the class path has classes of a
     * module that is not packaged.
     *
     * @param moduleJar the jar of this module, or null if it does not exist
     */
    static @Nullable String classPathOfJars(@Nullable Path moduleJar) {
        if (moduleJar == null || !Files.exists(moduleJar)) {
            return null;
        }
        Path moduleClasses = Path.of("target", "classes").toAbsolutePath();
        List<String> jars = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path path = Path.of(entry);
            if (Files.isRegularFile(path)) {
                jars.add(entry);
            } else if (path.toAbsolutePath().equals(moduleClasses)) {
                jars.add(moduleJar.toAbsolutePath().toString());
            } else if (path.endsWith("target/classes")) {
                return null;
            }
        }
        return String.join(File.pathSeparator, jars);
    }

    /**
     * Runs a program once, and archives the classes that it has loaded. If this fails, the archive does not exist, and
     * Java starts without it.
     *
     * @param folder the folder for the archive, and the home of the program during the run
     * @param training the command that starts the program, {@code java} first
     */
    static void create(Path folder, List<String> training) {
        List<String> command = new ArrayList<>(training);
        command.add(1, "-XX:ArchiveClassesAtExit=" + archiveFile(folder));
        run(folder, command);
    }

    /** Returns the option with which a program uses the archive in a folder. */
    static String option(Path folder) {
        return "-XX:SharedArchiveFile=" + archiveFile(folder);
    }

    private static Path archiveFile(Path folder) {
        return folder.resolve("classes.jsa");
    }

    /** Runs a command to its end. Its output goes to a log in the folder. */
    static void run(Path folder, List<String> command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().put("KEYSWEEP_HOME", folder.resolve("home").toString());
            Process process = builder.redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve("program.log").toFile()))
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
