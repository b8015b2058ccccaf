package io.keysweep.engine.assist;

import io.keysweep.engine.topology.NodeAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the former settings of servers in a folder of the user, one file for each server.
 *
 * <p>The folder and the files are created so that only the user may read them (modes 0700 and 0600); the mode of an
 * existing folder is not changed. A process that wants to change the settings of a server claims it with a lock of the
 * operating system. The lock ends with the process, also after {@code kill -9}.
 *
 * <p>A file may not be a valid entry, for example because it was edited by hand. Such a file is renamed and reported
 * when its server is claimed. Otherwise it would prevent assist on this server for ever. Safe to share between threads
 * and processes.
 */
public final class FolderLedger implements AssistLedger {

    /**
     * The suffix of the names of files with an entry. The lock of a server is in a file with the suffix {@code .lock}.
     */
    private static final String ENTRY_SUFFIX = ".settings";

    /** The suffix that is appended to the name of a file that is not an entry. */
    private static final String UNREADABLE_SUFFIX = ".unreadable";

    /** The number of bytes of the hash in a file name, enough that two addresses never have the same name. */
    private static final int HASH_BYTES_IN_NAME = 16;

    private static final FileAttribute<?> PRIVATE_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<?> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path folder;

    /** Receives a sentence for the user about each file that was set aside or cannot be read. */
    private final Consumer<String> warnings;

    /** The files that cannot be read and were reported. */
    private final Set<Path> reportedFiles = ConcurrentHashMap.newKeySet();

    /** Creates a ledger in a folder that need not exist yet. Files that it sets aside are not reported. */
    public FolderLedger(Path folder) {
        this(folder, warning -> {});
    }

    /**
     * Creates a ledger in a folder that need not exist yet.
     *
     * @param warnings receives a sentence for the user about each file that is not an entry and was set aside, or that
     *     cannot be read
     */
    public FolderLedger(Path folder, Consumer<String> warnings) {
        this.folder = folder;
        this.warnings = warnings;
    }

    @Override
    public Optional<Claim> claim(NodeAddress address) throws IOException {
        String name = fileName(address);
        ServerFileLock lock = lock(name);
        if (lock == null) {
            return Optional.empty();
        }
        boolean isUsable = false;
        try {
            Path file = folder.resolve(name + ENTRY_SUFFIX);
            setAsideUnlessReadable(file, address);
            isUsable = true;
            return Optional.of(new FileClaim(file, lock));
        } finally {
            if (!isUsable) {
                lock.close();
            }
        }
    }

    private @Nullable ServerFileLock lock(String name) throws IOException {
        try {
            Files.createDirectories(folder, PRIVATE_FOLDER);
            return ServerFileLock.tryAcquire(folder.resolve(name + ".lock"), PRIVATE_FILE);
        } catch (FileSystemException e) {
            // The folder or the file of the lock is the problem. Both may belong to another user, such as root.
            throw explain(e.getFile() == null ? folder : Path.of(e.getFile()), e);
        }
    }

    /**
     * Returns an exception whose message says what is wrong with a file or folder. The messages of the JDK are often
     * nothing but the path, or have no path.
     */
    private static IOException explain(Path path, IOException failure) {
        String reason = switch (failure) {
            case AccessDeniedException e -> "permission denied";
            case FileAlreadyExistsException e -> "it is not a folder";
            case NoSuchFileException e -> "no such file or folder";
            case FileSystemException e -> e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
            default -> String.valueOf(failure.getMessage());
        };
        return new IOException(path + ": " + reason, failure);
    }

    /** Renames the file of a server if it is not an entry, and reports that. */
    private void setAsideUnlessReadable(Path file, NodeAddress address) throws IOException {
        Path renamedFile = file.resolveSibling(file.getFileName() + UNREADABLE_SUFFIX);
        try {
            if (!Files.exists(file) || read(file) != null) {
                return;
            }
            Files.move(file, renamedFile, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw explain(file, e);
        }
        warnings.accept("The former settings of " + address + " cannot be read, so their file was renamed to "
                + renamedFile
                + "; check hz, active-expire-effort and lazyfree-lazy-expire of that server");
    }

    @Override
    public List<RaisedSettings> entries() throws IOException {
        List<RaisedSettings> entries = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + ENTRY_SUFFIX)) {
            for (Path file : files) {
                RaisedSettings entry = readOrWarn(file);
                if (entry != null) {
                    entries.add(entry);
                }
            }
        } catch (NoSuchFileException e) {
            return List.of();
        }
        entries.sort(Comparator.comparing(entry -> entry.address().toString()));
        return entries;
    }

    /**
     * Returns the entry in a file; null if there is none, or if the file cannot be read, for example because another
     * user owns it. Such a file is reported once, and must not keep the settings of other servers raised.
     */
    private @Nullable RaisedSettings readOrWarn(Path file) {
        try {
            return read(file);
        } catch (IOException e) {
            if (reportedFiles.add(file)) {
                warnings.accept("Former settings cannot be read, so settings of their server may still be raised: "
                        + explain(file, e).getMessage());
            }
            return null;
        }
    }

    /** Returns the entry in a file; null if the file does not exist or is not an entry. */
    private static @Nullable RaisedSettings read(Path file) throws IOException {
        try {
            return LedgerFormat.parse(Files.readString(file));
        } catch (NoSuchFileException | CharacterCodingException e) {
            // Another process may remove its entry at any time. A text that is not UTF-8 is not an entry.
            return null;
        }
    }

    /** Returns a hash of the address, since addresses contain characters that are not allowed in file names. */
    private static String fileName(NodeAddress address) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(address.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, /* fromIndex= */ 0, HASH_BYTES_IN_NAME);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Holds the lock of one server, and reads and writes the file of its entry. */
    private static final class FileClaim implements Claim {

        private final Path file;
        private final ServerFileLock lock;

        private FileClaim(Path file, ServerFileLock lock) {
            this.file = file;
            this.lock = lock;
        }

        @Override
        public Optional<RaisedSettings> entry() throws IOException {
            return Optional.ofNullable(read(file));
        }

        /** Stores the entry. After a crash the file has either the earlier or the new content, never a part of one. */
        @Override
        public void store(RaisedSettings entry) throws IOException {
            try {
                replace(entry);
            } catch (FileSystemException e) {
                throw explain(file, e);
            }
        }

        private void replace(RaisedSettings entry) throws IOException {
            Path newFile = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(newFile);
            Set<StandardOpenOption> mode = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            try (FileChannel channel = FileChannel.open(newFile, mode, PRIVATE_FILE)) {
                ByteBuffer text = StandardCharsets.UTF_8.encode(LedgerFormat.format(entry));
                // On a disk that is nearly full, a write stores only a part of the text, and the next one fails.
                while (text.hasRemaining()) {
                    channel.write(text);
                }
                channel.force(/* metaData= */ true);
            }
            Files.move(newFile, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            syncFolder();
        }

        /** Does nothing: no other process can take the server while this process has the lock. */
        @Override
        public void confirm() {}

        @Override
        public void remove() throws IOException {
            try {
                Files.deleteIfExists(file);
                syncFolder();
            } catch (IOException e) {
                throw new IOException(
                        "no setting is raised any more, but " + file + " cannot be removed ("
                                + e.getClass().getSimpleName() + "); remove it",
                        e);
            }
        }

        /** Writes the names in the folder to the disk; without this, a crash could undo the move or the removal. */
        private void syncFolder() throws IOException {
            try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
                folder.force(/* metaData= */ true);
            }
        }

        @Override
        public void close() {
            lock.close();
        }
    }
}
