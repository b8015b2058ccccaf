package io.keysweep.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Creates a folder for the files of a test or a test server; {@link #close} deletes the folder with all files in it.
 */
public final class TemporaryFolder implements AutoCloseable {

    private final Path path;

    private TemporaryFolder(Path path) {
        this.path = path;
    }

    /** Creates an empty folder in the system's folder for temporary files; its name begins with {@code prefix}. */
    public static TemporaryFolder create(String prefix) {
        try {
            return new TemporaryFolder(Files.createTempDirectory(prefix));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the path of the folder. */
    public Path path() {
        return path;
    }

    /** Returns the path of a file in the folder, whether or not the file exists. */
    public Path resolve(String name) {
        return path.resolve(name);
    }

    /** Writes a text file in the folder, in UTF-8, and returns its path. Replaces a file of this name. */
    public Path write(String name, String text) {
        try {
            return Files.writeString(resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the last lines of a log file, or a note that the file cannot be read. */
    static String tail(Path log, int maxLines) {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - maxLines), lines.size()));
        } catch (IOException e) {
            return "no log: " + e.getMessage();
        }
    }

    /**
     * Deletes the folder with all files in it.
     *
     * @throws UncheckedIOException if the folder was deleted before, or a process still writes files in it
     */
    @Override
    public void close() {
        delete(path);
    }

    /** Deletes a folder with all files in it; see {@link #close} for the exception. */
    static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            // In the reverse order, files come before the folder that contains them.
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
