package io.keysweep.cli.service;

import io.keysweep.api.text.FileProblem;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Reads the files that a service on this machine writes to its {@code KEYSWEEP_HOME}: its endpoint, and the access key
 * that its first start has created.
 */
public final class ServiceHome {

    private final Path folder;

    /** Creates a reader of {@code folder}; the folder need not exist. */
    public ServiceHome(Path folder) {
        this.folder = folder;
    }

    /**
     * Returns the URL on which the service listens, or null if no service has written one completely. The service may
     * have ended since.
     *
     * @throws CommandFailure if the file cannot be read
     */
    public @Nullable String endpoint() {
        String text = read(folder.resolve("endpoint"));
        // The service writes the line end last, so a file without it is still being written.
        return text == null || !text.endsWith("\n") || text.isBlank() ? null : text.strip();
    }

    /**
     * Returns {@code project_id}, {@code access_key} and {@code secret_key} of the access key that the first start has
     * created. Returns no properties if the service has written no such file.
     *
     * @throws CommandFailure if the file cannot be read or is not a properties file
     */
    public Properties credentials() {
        Properties credentials = new Properties();
        String text = read(folder.resolve("credentials"));
        if (text != null) {
            try {
                credentials.load(new StringReader(text));
            } catch (IOException | IllegalArgumentException e) {
                throw new CommandFailure(
                        ExitCode.USAGE, folder.resolve("credentials") + " is not a properties file", e);
            }
        }
        return credentials;
    }

    /** Returns the text of a file, or null if there is no such file. */
    private static @Nullable String read(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            return null;
        } catch (AccessDeniedException e) {
            throw new CommandFailure(
                    ExitCode.DENIED, "cannot read " + file + ": it belongs to the user who started the service", e);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.USAGE, "cannot read " + file + ": " + FileProblem.of(e), e);
        }
    }
}
