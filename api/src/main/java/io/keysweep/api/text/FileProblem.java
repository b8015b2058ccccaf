package io.keysweep.api.text;

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
            case NoSuchFileException e -> "no such file or folder";
            case AccessDeniedException e -> "permission denied";
            case FileAlreadyExistsException e -> "a file of this name already exists";
            case NotDirectoryException e -> "it is not a folder";
            case CharacterCodingException e -> "it is not UTF-8 text";
            case IOException e when String.valueOf(e.getMessage()).endsWith("Is a directory") -> "it is a folder";
            case FileSystemException e when e.getReason() != null -> String.valueOf(e.getReason());
            default -> failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        };
    }
}
