package io.keysweep.site.advisories;

/** Is thrown for a file that has another form than it must have; the message says which rule it breaks. */
final class MalformedFileException extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedFileException(String message) {
        super(message);
    }

    MalformedFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
