package io.keysweep.cli.shell;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Files of text that a user names. */
public final class InputFile {

    private InputFile() {}

    /**
     * All of a file, which is UTF-8.
     *
     * @throws CommandFailure if it cannot be read; names it and the reason
     */
    public static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw refused(file, "does not exist", e);
        } catch (MalformedInputException e) {
            throw refused(file, "is not UTF-8 text", e);
        } catch (IOException e) {
            throw refused(file, Files.isDirectory(file) ? "is a folder" : "cannot be read", e);
        }
    }

    private static CommandFailure refused(Path file, String why, IOException cause) {
        return new CommandFailure(ExitCode.USAGE, "file '" + file + "' " + why, cause);
    }
}
