package io.keysweep.site.advisories;

/** Thrown when a file has a different form than it must have; the message says which rule the file breaks. */
final class MalformedFileException extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedFileException(String message) {
        super(message);
    }

    MalformedFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
