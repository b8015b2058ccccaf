package io.keysweep.server;

import io.keysweep.server.config.PrivateFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Represents a file about a running process, which the process keeps locked.
 *
 * <p>The lock of the operating system ends with the process, also after SIGKILL. A file without a lock therefore
 * belongs to a process that was killed, and {@link #removeAbandoned} removes it. Processes in other containers have the
 * same locks, if they share the folder. On a file system without locks, no file is removed.
 */
final class LockedFile implements AutoCloseable {

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
        Path draft =
                file.resolveSibling("new-" + ProcessHandle.current().pid() + "-" + file.getFileName());
        PrivateFile.write(draft, text);
        try {
            FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE);
            boolean moved = false;
            try {
                lock(channel);
                Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                moved = true;
                return new LockedFile(channel);
            } finally {
                if (!moved) {
                    channel.close();
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
     * Removes the files of processes that were killed. Does nothing if the folder cannot be read.
     *
     * @param glob pattern of the names of such files
     * @param own the file of this process, which is not removed
     */
    static void removeAbandoned(Path folder, String glob, Path own) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, glob)) {
            for (Path file : files) {
                if (!file.equals(own)) {
                    removeUnlessLocked(file);
                }
            }
        } catch (IOException e) {
            // The files of killed processes do no harm.
        }
    }

    private static void removeUnlessLocked(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            if (channel.tryLock() != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | OverlappingFileLockException e) {
            // Java throws the second exception if this process has the lock. A file that cannot be locked may belong to
            // a running process.
        }
    }

    /** Ends the lock; the file is kept. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
