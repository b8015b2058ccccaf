package io.keysweep.server.iam;

import io.keysweep.server.config.StartRefusedException;
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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;

/**
 * Reads and creates the file {@code master.key}, which contains the {@link MasterKey} of the service.
 *
 * <p>Only the owner of the file may read it. The file appears atomically, with all 32 bytes or not at all, if the file
 * system has hard links. On other file systems, another process can see a short file while it is written. A crash can
 * also leave a short file, which the next start refuses.
 */
final class MasterKeyFile {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> GROUP_OR_OTHERS = PosixFilePermissions.fromString("---rwxrwx");

    /** A short file that is older than this is never completed, because no other process can still be writing it. */
    private static final Duration LONGEST_WRITE = Duration.ofSeconds(10);

    private final Path folder;
    private final Path file;
    private final InstantSource clock;

    MasterKeyFile(Path folder, InstantSource clock) {
        this.folder = folder;
        this.file = folder.resolve("master.key");
        this.clock = clock;
    }

    /**
     * Returns the key in the file; creates the folder, and the file with {@code candidate}, if there is no file.
     *
     * @param candidate 32 random bytes; the result differs from them if the file exists
     * @throws StartRefusedException if other users can access the file, or its size is wrong
     * @throws IllegalStateException if the file cannot be read or created, or if it is short but has just been written,
     *     so that another process may complete it
     */
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
            throw new StartRefusedException(
                    "The folder " + folder + " is on a file system without POSIX permissions, so other users could"
                            + " read the master key: choose a folder on a POSIX file system",
                    e);
        }
    }

    /** Writes a new key to another file first, and then gives that file the final name. */
    private void create(byte[] key) throws IOException {
        Files.createDirectories(folder);
        Path unfinished = folder.resolve("master.key." + UUID.randomUUID());
        try {
            write(unfinished, key);
            publish(unfinished, key);
        } finally {
            Files.deleteIfExists(unfinished);
        }
        // Without this flush of the folder to the disk, a power failure could lose the file but keep database rows that
        // were encrypted with its key.
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(/* metaData= */ true);
        }
    }

    /** Writes a new file to the disk; fails if the file exists. */
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

    /**
     * Gives the finished file its final name by a hard link. A move would replace the file of another process that
     * starts at the same time and already uses its key.
     */
    private void publish(Path unfinished, byte[] key) throws IOException {
        try {
            Files.createLink(file, unfinished);
        } catch (FileAlreadyExistsException otherProcessWasFirst) {
            // The caller reads the other process's key next.
        } catch (FileSystemException | UnsupportedOperationException noHardLinksHere) {
            // Some network and container mounts have no hard links. If a crash interrupts this write, the next start
            // refuses the file for its size.
            write(file, key);
        }
    }

    /** Refuses a file that other users can access, because they could decrypt all stored secrets. */
    private void checkPermissions() throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (permissions.stream().anyMatch(GROUP_OR_OTHERS::contains)) {
            throw new StartRefusedException("The master key " + file + " is accessible to group or others ("
                    + PosixFilePermissions.toString(permissions) + "): run chmod 600 on it. If other people use this"
                    + " machine, assume that they have read it");
        }
    }

    /** Reads the key; refuses a file of another size. */
    private byte[] read() throws IOException {
        long size = Files.size(file);
        if (size == MasterKey.LENGTH) {
            return Files.readAllBytes(file);
        }
        String problem = "The master key " + file + " has " + size + " bytes instead of " + MasterKey.LENGTH;
        if (size < MasterKey.LENGTH && isNew()) {
            throw new IllegalStateException(problem
                    + ", but has just been written, perhaps by a process that has not finished: start the server again."
                    + " If the file stays short, restore it from the backup");
        }
        throw new StartRefusedException(problem + ": restore it from the backup");
    }

    /**
     * Returns whether the file was written seconds ago. The clock of a network file system can be ahead of the clock of
     * this machine.
     */
    private boolean isNew() throws IOException {
        Instant lastChange = Files.getLastModifiedTime(file).toInstant();
        return Duration.between(lastChange, clock.instant()).abs().compareTo(LONGEST_WRITE) < 0;
    }
}
