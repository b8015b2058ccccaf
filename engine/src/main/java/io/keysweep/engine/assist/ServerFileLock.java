package io.keysweep.engine.assist;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Locks one file, so that only one process changes the settings of a server.
 *
 * <p>{@link FolderLedger} keeps such a lock as long as a server is claimed. The lock ends when it is closed, or with
 * the process. The file itself is not deleted. If it were removed, a second process could create and lock a new file of
 * the same name while the first process still has its lock.
 */
final class ServerFileLock implements AutoCloseable {

    private final FileChannel channel;

    private ServerFileLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Locks a file, without waiting.
     *
     * @param permissions the permissions of the file if it must be created
     * @return the lock; null if another process, or another caller in this process, has locked the file
     * @throws IOException if the file cannot be opened or locked
     */
    static @Nullable ServerFileLock tryAcquire(Path file, FileAttribute<?> permissions) throws IOException {
        FileChannel channel =
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), permissions);
        boolean isLocked = false;
        try {
            FileLock lock = channel.tryLock();
            isLocked = lock != null;
            return isLocked ? new ServerFileLock(channel) : null;
        } catch (OverlappingFileLockException e) {
            // Java throws this exception if this process already has the lock.
            return null;
        } finally {
            if (!isLocked) {
                channel.close();
            }
        }
    }

    /** Ends the lock. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // The lock ends with the process at the latest.
        }
    }
}
