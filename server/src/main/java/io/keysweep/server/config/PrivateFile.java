package io.keysweep.server.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/** Writes files that contain secrets: atomically, and readable for their owner alone (mode 0600). */
public final class PrivateFile {

    private PrivateFile() {}

    /**
     * Writes a text in UTF-8 to a file and replaces an existing file.
     *
     * <p>The text is written to another file in the same folder, which then takes the name of the file. So readers see
     * the old or the new text, never a part of it.
     *
     * @throws UncheckedIOException if the file cannot be written; an existing file then is not changed
     */
    public static void write(Path file, String text) {
        try {
            Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
            Path draft = Files.createTempFile(
                    folder,
                    file.getFileName().toString(),
                    ".new",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                Files.writeString(draft, text);
                Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                // After the move, the draft no longer exists. If the move has failed, the draft must not remain,
                // because it contains the secret.
                Files.deleteIfExists(draft);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written", e);
        }
    }
}
