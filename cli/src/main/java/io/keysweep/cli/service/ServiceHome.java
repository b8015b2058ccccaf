package io.keysweep.cli.service;

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
 * The files that a service on this machine leaves for us in its {@code KEYSWEEP_HOME}: where it listens, and the access
 * key of its first start.
 */
public final class ServiceHome {

    private final Path folder;

    /** The home in {@code folder}, which need not exist. */
    public ServiceHome(Path folder) {
        this.folder = folder;
    }

    /** Where the service listens, or null while it has not said so. */
    public @Nullable String endpoint() {
        String text = read(folder.resolve("endpoint"));
        // Without the end of its line the file is still being written.
        return text == null || !text.endsWith("\n") || text.isBlank() ? null : text.strip();
    }

    /** {@code project_id}, {@code access_key} and {@code secret_key}, or nothing where there is no such file. */
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

    private static @Nullable String read(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            return null;
        } catch (AccessDeniedException e) {
            throw new CommandFailure(
                    ExitCode.DENIED, "may not read " + file + ": it belongs to who started the service", e);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.USAGE, "cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
