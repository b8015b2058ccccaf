package io.keysweep.cli.shell;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Says in words why a file could not be read or written, for the end of a message. */
public final class FileProblem {

    private FileProblem() {}

    /**
     * Returns the reason, such as {@code permission denied}. The messages of the JDK are often nothing but the path of
     * the file.
     */
    public static String of(IOException failure) {
        return switch (failure) {
            case NoSuchFileException missing -> "no such file or folder";
            case AccessDeniedException denied -> "permission denied";
            case FileAlreadyExistsException exists -> "a file of this name already exists";
            case NotDirectoryException file -> "it is not a folder";
            case CharacterCodingException malformed -> "it is not UTF-8 text";
            case IOException folder
            when String.valueOf(folder.getMessage()).endsWith("Is a directory") -> "it is a folder";
            case FileSystemException refused when refused.getReason() != null -> String.valueOf(refused.getReason());
            default -> failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        };
    }
}
