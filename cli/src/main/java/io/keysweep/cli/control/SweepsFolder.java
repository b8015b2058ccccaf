package io.keysweep.cli.control;

import io.keysweep.cli.shell.Shell;
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
 * Where the sockets of this user's sweeps lie, named by process: {@code $XDG_RUNTIME_DIR/keysweep}, else {@code sweeps} in
 * the home of Keysweep. Only the user gets in.
 */
final class SweepsFolder {

    private static final Pattern NAME = Pattern.compile("(\\d{1,19})\\.sock");
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    private final Path folder;

    private SweepsFolder(Path folder) {
        this.folder = folder;
    }

    static SweepsFolder of(Shell shell) {
        String runtime = shell.variable("XDG_RUNTIME_DIR");
        return new SweepsFolder(
                runtime == null
                        ? shell.keysweepHome().resolve("sweeps")
                        : Path.of(runtime).resolve("keysweep"));
    }

    /**
     * Makes the folder if need be.
     *
     * @throws IOException if it cannot be made, or if it is not this user's alone
     */
    void make() throws IOException {
        Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(PRIVATE));
        if (!Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS).equals(PRIVATE)) {
            throw new IOException(folder + " may be entered by others; its mode must be 0700");
        }
    }

    Path socket(long pid) {
        return folder.resolve(pid + ".sock");
    }

    /** The processes that have, or had, a socket here. */
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
