package io.keysweep.server;

import io.keysweep.server.config.PrivateFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Represents a file about a running process, which the process keeps locked.
 *
 * <p>The lock of the operating system ends with the process, also after SIGKILL. A file without a lock therefore
 * belongs to a process that was killed, and {@link #removeAbandoned} removes it. Processes in other containers of the
 * machine have the same locks, if they share the folder. On a file system that several machines can use, no file is
 * removed.
 */
final class LockedFile implements AutoCloseable {

    /**
     * File systems that only one machine uses, so that all processes see each lock. On others, such as NFS or SMB, the
     * options of a mount decide whether another machine sees a lock. If it does not, the file of a running process
     * looks abandoned there.
     */
    private static final Set<String> LOCAL_FILE_SYSTEMS =
            Set.of("apfs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "overlay", "tmpfs", "xfs", "zfs");

    private final FileChannel channel;

    private LockedFile(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Writes a file that only its owner may read, in place of an existing one, and locks it until {@link #close}. This
     * process must not read the file until then: the system ends the locks of a process on a file as soon as the
     * process closes the file, also after reading it.
     *
     * @throws UncheckedIOException if the file cannot be written
     */
    static LockedFile write(Path file, String text) {
        // The draft is locked before it gets the name, so that no other process finds the file without a lock.
        Path draft = file.resolveSibling("new-" + ProcessHandle.current().pid() + "-" + file.getFileName());
        PrivateFile.write(draft, text);
        try {
            FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE);
            boolean isMoved = false;
            try {
                lock(channel);
                Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                isMoved = true;
                return new LockedFile(channel);
            } finally {
                if (!isMoved) {
                    channel.close();
                    Files.deleteIfExists(draft);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written", e);
        }
    }

    private static void lock(FileChannel channel) {
        try {
            // Closing the channel releases the lock.
            var ignored = channel.tryLock();
        } catch (IOException e) {
            // On this file system nobody can lock a file, so nobody removes this one.
        }
    }

    /**
     * Removes the files of processes that were killed. Does nothing if the folder cannot be read, or if processes on
     * other machines may use it.
     *
     * @param glob pattern of the names of such files
     * @param ownFile the file of this process, which is not removed
     */
    static void removeAbandoned(Path folder, String glob, Path ownFile) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, glob)) {
            boolean isLocalFolder = isLocal(Files.getFileStore(folder).type());
            for (Path file : files) {
                if (isLocalFolder && !file.equals(ownFile)) {
                    removeUnlessLocked(file);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // The files of killed processes do no harm.
        }
    }

    /** Returns whether only processes of this machine can use a file system of this type. */
    static boolean isLocal(String fileSystem) {
        return LOCAL_FILE_SYSTEMS.contains(fileSystem);
    }

    private static void removeUnlessLocked(Path file) {
        try {
            Object key = fileKey(file);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                removeUnlessLocked(file, key, channel);
            }
        } catch (IOException | OverlappingFileLockException e) {
            // Java throws the second exception if this process has the lock. A file that cannot be locked may belong to
            // a running process.
        }
    }

    /**
     * Removes a file unless its process runs.
     *
     * @param key the {@link #fileKey} of the file, read before the file was opened
     * @param channel the opened file
     */
    static void removeUnlessLocked(Path file, @Nullable Object key, FileChannel channel) throws IOException {
        // A restart of the killed process may have replaced the file since it was opened. The lock is then on the
        // earlier file, and the name belongs to a running process.
        if (channel.tryLock() != null && Objects.equals(key, fileKey(file))) {
            Files.deleteIfExists(file);
        }
    }

    /** Returns an object that identifies a file independently of its name; null if the file system has none. */
    static @Nullable Object fileKey(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    /** Ends the lock; the file is kept. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
