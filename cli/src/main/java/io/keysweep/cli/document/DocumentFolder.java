package io.keysweep.cli.document;

import io.keysweep.api.text.FileProblem;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Finds the files that a document may read: files below the document's own folder, after all symbolic links are
 * followed.
 *
 * <p>A document can name files with secrets, and also the server that gets these secrets. So a document from elsewhere
 * must not be able to read every file of the user.
 */
final class DocumentFolder {

    /** Maximum size of a file in bytes, far more than a secret or a certificate has. */
    private static final long MAX_BYTES = 1024 * 1024;

    private final Path folder;
    private final Path keysweepHome;

    /**
     * Creates a finder.
     *
     * @param folder folder of the document
     * @param keysweepHome home folder of Keysweep, which holds its secrets; no document may read a file below it
     */
    DocumentFolder(Path folder, Path keysweepHome) {
        this.folder = folder;
        this.keysweepHome = keysweepHome;
    }

    /**
     * Returns the real path of a file that the document names.
     *
     * @param name path as the document has it, relative to the folder of the document or absolute
     * @throws CommandFailure if the path contains {@code ..}, or if the file is not below the folder, cannot be found,
     *     is below the home folder of Keysweep, or is not an ordinary small file
     */
    Path file(String name) {
        try {
            Path path = Path.of(name);
            // A path with '..' is refused even if it ends below the folder, where the check of the real path would
            // allow it.
            for (Path part : path) {
                if (part.toString().equals("..")) {
                    throw refusal("file '" + name + "' has '..' in its path, must be below the folder of the document");
                }
            }
            Path real = folder.resolve(path).toRealPath();
            requireReadable(name, real);
            return real;
        } catch (InvalidPathException e) {
            throw refusal("file '" + name + "' is not a path");
        } catch (NoSuchFileException e) {
            throw refusal("file '" + name + "' does not exist");
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.USAGE, "file '" + name + "' cannot be read: " + FileProblem.of(e), e);
        }
    }

    /** Refuses a file that no document may read, although its path is valid. */
    private void requireReadable(String name, Path real) throws IOException {
        if (!real.startsWith(folder.toRealPath())) {
            throw refusal("file '" + name + "' is not below the folder of the document, '" + folder + "'");
        }
        if (isBelowHome(real)) {
            throw refusal("file '" + name + "' is in the folder of Keysweep itself, '" + keysweepHome
                    + "', which no document may read: keep it in another folder");
        }
        if (!Files.isRegularFile(real)) {
            throw refusal("file '" + name + "' is a folder or a special file");
        }
        if (Files.size(real) > MAX_BYTES) {
            throw refusal("file '" + name + "' is larger than " + MAX_BYTES + " bytes");
        }
    }

    /**
     * Returns whether a file is the home folder of Keysweep or anywhere below it. Compares the folders themselves
     * rather than their paths, because one folder can have several paths (links, mounts, upper and lower case).
     */
    private boolean isBelowHome(Path real) throws IOException {
        if (!Files.exists(keysweepHome)) {
            return false;
        }
        for (Path part = real; part != null; part = part.getParent()) {
            if (Files.isSameFile(part, keysweepHome)) {
                return true;
            }
        }
        return false;
    }

    /** Creates the failure for a reference that is not allowed, with a problem as its message. */
    static CommandFailure refusal(String problem) {
        return new CommandFailure(ExitCode.USAGE, problem);
    }
}
