package io.keysweep.server.iam;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;

/** The file that holds the master key. Its owner alone may read it, and it is there with all its bytes or not at all. */
final class MasterKeyFile {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OPEN_TO_OTHERS = PosixFilePermissions.fromString("---rwxrwx");

    private final Path folder;
    private final Path file;

    MasterKeyFile(Path folder) {
        this.folder = folder;
        this.file = folder.resolve("master.key");
    }

    /** The key in the file; where there is no file, it is created with {@code candidate}. */
    byte[] readOrCreate(byte[] candidate) {
        try {
            if (Files.notExists(file)) {
                create(candidate);
            }
            checkPermissions();
            return read();
        } catch (IOException e) {
            throw new IllegalStateException(
                    "The master key " + file + " cannot be read or created: check that the folder exists and belongs to"
                            + " the user that runs the server",
                    e);
        } catch (UnsupportedOperationException e) {
            throw new IllegalStateException(
                    "The folder " + folder + " keeps no file permissions, so the master key would be open to others:"
                            + " choose a data folder on a POSIX file system",
                    e);
        }
    }

    private void create(byte[] key) throws IOException {
        Files.createDirectories(folder);
        Path unfinished = folder.resolve("master.key." + UUID.randomUUID());
        try {
            write(unfinished, key);
            publish(unfinished, key);
        } finally {
            Files.deleteIfExists(unfinished);
        }
        // Without it a power failure could take the file but leave rows that were sealed with its key.
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(/* metaData= */ true);
        }
    }

    private static void write(Path path, byte[] key) throws IOException {
        Set<StandardOpenOption> options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(path, options, PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
            ByteBuffer remaining = ByteBuffer.wrap(key);
            while (remaining.hasRemaining()) {
                channel.write(remaining);
            }
            channel.force(/* metaData= */ true);
        }
    }

    /** A link rather than a move, which would silently replace the key of a server that started at the same time. */
    private void publish(Path unfinished, byte[] key) throws IOException {
        try {
            Files.createLink(file, unfinished);
        } catch (FileAlreadyExistsException otherServerWasFirst) {
            // Its key counts, and is read next.
        } catch (FileSystemException | UnsupportedOperationException noHardLinksHere) {
            // As on some network and container mounts. After a crash in the midst of it the size tells.
            write(file, key);
        }
    }

    private void checkPermissions() throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (permissions.stream().anyMatch(OPEN_TO_OTHERS::contains)) {
            throw new IllegalStateException("The master key " + file + " is open to group or others ("
                    + PosixFilePermissions.toString(permissions) + "): run chmod 600 on it, and consider it leaked if"
                    + " others use this machine");
        }
    }

    private byte[] read() throws IOException {
        long size = Files.size(file);
        if (size != MasterKey.LENGTH) {
            throw new IllegalStateException("The master key " + file + " has " + size + " bytes instead of "
                    + MasterKey.LENGTH + ": restore it from the backup");
        }
        return Files.readAllBytes(file);
    }
}
