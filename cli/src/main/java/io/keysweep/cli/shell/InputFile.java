package io.keysweep.cli.shell;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads text files that the user names in options, and explains to the user why a file cannot be read. */
public final class InputFile {

    private InputFile() {}

    /**
     * Returns the text of a UTF-8 file.
     *
     * @throws CommandFailure if the file cannot be read; the message contains the name of the file and the reason
     */
    public static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw refused(file, "does not exist", e);
        } catch (MalformedInputException e) {
            throw refused(file, "is not UTF-8 text", e);
        } catch (IOException e) {
            throw refused(file, Files.isDirectory(file) ? "is a folder" : "cannot be read: " + FileProblem.of(e), e);
        }
    }

    private static CommandFailure refused(Path file, String problem, IOException cause) {
        return new CommandFailure(ExitCode.USAGE, "file '" + file + "' " + problem, cause);
    }
}
