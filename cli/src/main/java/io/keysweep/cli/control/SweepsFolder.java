package io.keysweep.cli.control;

import io.keysweep.api.text.FileProblem;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Locates the Unix sockets through which {@code keysweep sweeps} reads and controls the sweeps of this user.
 *
 * <p>Each sweep has one socket, {@code <pid>.sock}, which is named after its process. The sockets are in {@code
 * $XDG_RUNTIME_DIR/keysweep}, or in {@code sweeps} in {@link CommandContext#keysweepHome} if that variable is not set.
 * Only the user may enter the folder (mode 0700), so other users cannot reach the sockets.
 */
final class SweepsFolder {

    /** Name of a socket, with the id of its process. */
    private static final Pattern NAME = Pattern.compile("(\\d{1,19})\\.sock");

    private static final String RUNTIME_VARIABLE = "XDG_RUNTIME_DIR";

    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    private final Path folder;

    private SweepsFolder(Path folder) {
        this.folder = folder;
    }

    /** Returns the folder of this user, which may not exist yet. */
    static SweepsFolder of(CommandContext context) {
        String runtime = context.variable(RUNTIME_VARIABLE);
        return runtime == null
                ? inHome(context)
                : new SweepsFolder(Path.of(runtime).resolve("keysweep"));
    }

    /**
     * Returns all folders in which sweeps of this user may have their sockets. A sweep that cron starts has no
     * {@code XDG_RUNTIME_DIR}. So a command that has this variable also needs the folder for sweeps without it.
     */
    static List<SweepsFolder> all(CommandContext context) {
        SweepsFolder folder = of(context);
        if (context.variable(RUNTIME_VARIABLE) == null) {
            return List.of(folder);
        }
        try {
            SweepsFolder homeFolder = inHome(context);
            return Files.isReadable(homeFolder.folder) ? List.of(folder, homeFolder) : List.of(folder);
        } catch (CommandFailure e) {
            // The user has no home folder.
            return List.of(folder);
        }
    }

    private static SweepsFolder inHome(CommandContext context) {
        return new SweepsFolder(context.keysweepHome().resolve("sweeps"));
    }

    /**
     * Creates the folder and its parent folders if they do not exist.
     *
     * @throws IOException if the folder cannot be created, or if it exists and its mode is not 0700
     */
    void create() throws IOException {
        try {
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(PRIVATE));
        } catch (IOException e) {
            throw new IOException(folder + " cannot be created: " + FileProblem.of(e), e);
        }
        if (!Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS).equals(PRIVATE)) {
            throw new IOException("other users may enter " + folder + "; its mode must be 0700");
        }
    }

    /** Returns the path of the socket for the process with this id. */
    Path socket(long pid) {
        return folder.resolve(pid + ".sock");
    }

    /**
     * Returns the ids of the processes that have a socket in the folder, in ascending order; none if the folder does
     * not exist. A process that was killed leaves its socket behind, so some of the processes may no longer run.
     */
    List<Long> pids() throws IOException {
        List<Long> pids = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Matcher name = NAME.matcher(file.getFileName().toString());
                if (name.matches()) {
                    pids.add(Long.parseLong(name.group(1)));
                }
            }
        } catch (NoSuchFileException e) {
            return List.of();
        }
        pids.sort(Comparator.naturalOrder());
        return pids;
    }
}
