package io.keysweep.engine.assist;

import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the former settings of servers in a folder of the user, one file for each server, so that they survive the
 * process.
 *
 * <p>{@link Assist} raises settings of a server for a while. It stores an entry with their former values before, and
 * removes the entry once they are back. An entry that is left behind belongs to a process that was killed or has lost
 * the server; {@link SettingsRestorer} puts its settings back.
 *
 * <p>The folder and the files are created so that only the user may read them (modes 0700 and 0600); the mode of an
 * existing folder stays. A process that wants to change the settings of a server claims it with a lock of the operating
 * system. The lock ends with the process, also after {@code kill -9}. Safe to share between threads and processes.
 */
public final class AssistLedger {

    /** Ends the names of the files with an entry; the lock of a server is in a file that ends with {@code .lock}. */
    private static final String ENTRY_SUFFIX = ".settings";

    /** The number of bytes of the hash in a file name; enough that two addresses never share a name. */
    private static final int HASH_BYTES_IN_NAME = 16;

    private static final FileAttribute<?> PRIVATE_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<?> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /** The folder; null if nothing can be stored. */
    private final @Nullable Path folder;

    /** Why nothing can be stored; empty if there is a folder. */
    private final String unavailable;

    /** Creates a ledger in a folder that need not exist yet. */
    public AssistLedger(Path folder) {
        this(folder, /* unavailable= */ "");
    }

    private AssistLedger(@Nullable Path folder, String unavailable) {
        this.folder = folder;
        this.unavailable = unavailable;
    }

    /**
     * Returns a ledger that is empty and in which nothing can be stored.
     *
     * @param why the reason, a sentence for the user
     */
    public static AssistLedger unavailable(String why) {
        return new AssistLedger(/* folder= */ null, why);
    }

    /**
     * Returns the text by which entries of a deployment are recognised: its name and the addresses that the user gave.
     */
    public static String keyOf(Deployment deployment) {
        return deployment.label() + " at "
                + deployment.addresses().stream()
                        .map(NodeAddress::toString)
                        .sorted()
                        .collect(Collectors.joining(","));
    }

    /**
     * Claims a server for this process.
     *
     * @return the claim, which the caller must close; empty if another process, or another caller in this process, has
     *     claimed the server
     * @throws IOException if the folder or the lock file cannot be created or opened, or if this ledger is {@link
     *     #unavailable}
     */
    public Optional<Claim> claim(NodeAddress address) throws IOException {
        Path ledgerFolder = folder;
        if (ledgerFolder == null) {
            throw new IOException(unavailable);
        }
        Files.createDirectories(ledgerFolder, PRIVATE_FOLDER);
        String name = fileName(address);
        NodeLock lock = NodeLock.tryAcquire(ledgerFolder.resolve(name + ".lock"), PRIVATE_FILE);
        return lock == null
                ? Optional.empty()
                : Optional.of(new Claim(ledgerFolder.resolve(name + ENTRY_SUFFIX), lock));
    }

    /**
     * Returns all entries, ordered by the text of their addresses, also those of servers that a process has claimed at
     * this moment. A file that is no entry is left out. The list is empty if there is no folder.
     *
     * @throws IOException if the folder or a file in it cannot be read
     */
    public List<RaisedSettings> entries() throws IOException {
        Path ledgerFolder = folder;
        if (ledgerFolder == null) {
            return List.of();
        }
        List<RaisedSettings> entries = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(ledgerFolder, "*" + ENTRY_SUFFIX)) {
            for (Path file : files) {
                RaisedSettings entry = read(file);
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

    /** Returns the entry in a file; null if the file does not exist or is no entry. */
    private static @Nullable RaisedSettings read(Path file) throws IOException {
        try {
            return LedgerFormat.parse(Files.readString(file));
        } catch (NoSuchFileException e) {
            // Another process may remove its entry at any time.
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

    /** Represents the exclusive right of this process to change the settings of one server and to store its entry. */
    public static final class Claim implements AutoCloseable {

        private final Path file;
        private final NodeLock lock;

        private Claim(Path file, NodeLock lock) {
            this.file = file;
            this.lock = lock;
        }

        /**
         * Returns the entry that an earlier process has left behind, or this one has stored; empty if there is none, or
         * if the file is no entry.
         *
         * @throws IOException if the file exists but cannot be read
         */
        public Optional<RaisedSettings> entry() throws IOException {
            return Optional.ofNullable(read(file));
        }

        /**
         * Stores the entry in place of an earlier one, and returns when it is on the disk. After a crash the file has
         * either the earlier or the new content, and never a part of one.
         *
         * @throws IOException if the entry may not be on the disk
         */
        public void store(RaisedSettings entry) throws IOException {
            Path written = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(written);
            Set<StandardOpenOption> mode = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            try (FileChannel channel = FileChannel.open(written, mode, PRIVATE_FILE)) {
                ByteBuffer text = StandardCharsets.UTF_8.encode(LedgerFormat.format(entry));
                // A disk that is nearly full takes only a part of a text, and then fails.
                while (text.hasRemaining()) {
                    channel.write(text);
                }
                channel.force(/* metaData= */ true);
            }
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            syncFolder();
        }

        /**
         * Removes the entry, once the former settings are back. Does nothing without an entry.
         *
         * @throws IOException if the file cannot be removed, or its removal may not be on the disk; the message is part
         *     of a sentence for the user
         */
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

        /** Gives the server up; an entry that was not removed stays. */
        @Override
        public void close() {
            lock.close();
        }
    }
}
