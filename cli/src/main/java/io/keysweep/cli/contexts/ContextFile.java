package io.keysweep.cli.contexts;

import io.keysweep.api.text.FileProblem;
import io.keysweep.cli.document.DocumentFile;
import io.keysweep.cli.output.YamlText;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads and writes the file of contexts, {@code contexts.yaml} in {@link CommandContext#keysweepHome}. A context is a
 * service with an access key, saved under a name.
 *
 * <p>The file holds secret keys, so only its owner may read it (mode 0600). A file that others may read is refused. A
 * change replaces the whole file in one operation, so a reader never sees half of it.
 */
public final class ContextFile {

    private static final Set<PosixFilePermission> PRIVATE_FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> PRIVATE_FOLDER = PosixFilePermissions.fromString("rwx------");

    /** All permissions of other users than the owner. */
    private static final Set<PosixFilePermission> PERMISSIONS_OF_OTHERS = PosixFilePermissions.fromString("---rwxrwx");

    private final CommandContext context;
    private final Path file;

    private ContextFile(CommandContext context) {
        this.context = context;
        this.file = context.keysweepHome().resolve("contexts.yaml");
    }

    /** Returns the file of the user; it need not exist. */
    public static ContextFile of(CommandContext context) {
        return new ContextFile(context);
    }

    /** Returns whether the user has saved contexts. */
    public boolean exists() {
        return Files.exists(file);
    }

    /**
     * Returns the saved contexts; none if there is no file.
     *
     * @throws CommandFailure if the file cannot be read, has another form, or has any permission for other users. The
     *     exit code is {@code DENIED} if the user may not read the file, or if other users may
     */
    public SavedContexts read() {
        if (!exists()) {
            return new SavedContexts(/* current= */ null, List.of());
        }
        if (Files.isDirectory(file)) {
            throw new CommandFailure(ExitCode.USAGE, "cannot read " + file + ": it is a folder");
        }

        try {
            if (Files.getPosixFilePermissions(file).stream().anyMatch(PERMISSIONS_OF_OTHERS::contains)) {
                throw new CommandFailure(
                        ExitCode.DENIED,
                        "other users may read " + file + ", which holds secret keys: make it private with 'chmod 600 "
                                + file + "', and replace the keys if others may have read them");
            }
            if (!Files.isReadable(file)) {
                throw new AccessDeniedException(file.toString());
            }

            SavedContexts savedContexts = JsonMapper.builder()
                    .build()
                    .treeToValue(DocumentFile.read(context, file.toString()).json(), SavedContexts.class);
            // The JSON library returns null for a file that contains only null.
            if (savedContexts == null) {
                throw new CommandFailure(ExitCode.USAGE, otherFormMessage());
            }
            return savedContexts;
        } catch (IOException e) {
            throw failure("read", e);
        } catch (JacksonException e) {
            throw new CommandFailure(ExitCode.USAGE, otherFormMessage(), e);
        }
    }

    private String otherFormMessage() {
        return file + " is not a file of contexts as 'keysweep login' writes it";
    }

    /**
     * Reads the saved contexts and replaces them by changed ones. Other processes that want to change the file wait
     * until this change is done, so that no change is lost.
     *
     * @param change returns the contexts to save; throws a {@link CommandFailure} to save nothing
     * @return the contexts as they were before
     * @throws CommandFailure if the file cannot be read or written
     */
    @SuppressWarnings("try") // The lock is only taken and released.
    public SavedContexts change(UnaryOperator<SavedContexts> change) {
        try (Closeable lock = lock()) {
            SavedContexts contextsBefore = read();
            write(change.apply(contextsBefore));
            return contextsBefore;
        } catch (IOException e) {
            throw failure("write", e);
        }
    }

    /**
     * Returns the failure of a command that cannot use the file. Only a missing permission has an exit code of its own.
     *
     * @param operation {@code read} or {@code write}
     */
    CommandFailure failure(String operation, IOException cause) {
        return new CommandFailure(
                cause instanceof AccessDeniedException ? ExitCode.DENIED : ExitCode.USAGE,
                "cannot " + operation + " " + file + ": " + FileProblem.of(cause),
                cause);
    }

    /**
     * Waits for the lock of the file, which is another file in the same folder, because a change replaces the file
     * itself. Without locks of the file system, returns immediately.
     */
    private Closeable lock() throws IOException {
        Path folder = createFolder();
        FileChannel channel = FileChannel.open(
                folder.resolve("contexts.lock"),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PRIVATE_FILE));
        try {
            // Closing the channel releases the lock.
            FileLock ignored = channel.lock();
        } catch (IOException e) {
            // Some network file systems have no locks. Two changes at the same time are rare, so the command continues.
        }
        return channel;
    }

    private Path createFolder() throws IOException {
        return Files.createDirectories(
                context.keysweepHome().toAbsolutePath(), PosixFilePermissions.asFileAttribute(PRIVATE_FOLDER));
    }

    /**
     * Replaces the saved contexts, and creates the folder of the file if it does not exist.
     *
     * @throws CommandFailure if the file cannot be written
     */
    public void write(SavedContexts contexts) {
        try {
            Path folder = createFolder();
            Path draft = Files.createTempFile(
                    folder, "contexts", ".yaml", PosixFilePermissions.asFileAttribute(PRIVATE_FILE));
            try {
                Files.writeString(draft, YamlText.of(contexts));
                // The new file is in the same folder, because only there is the move atomic.
                Files.move(draft, folder.resolve("contexts.yaml"), StandardCopyOption.ATOMIC_MOVE);
            } finally {
                // The draft still exists only if the move has failed.
                Files.deleteIfExists(draft);
            }
        } catch (IOException e) {
            throw failure("write", e);
        }
    }
}
