package io.keysweep.engine.lettuce;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What keeps a Unix socket from being connected to, as far as it can be seen before. */
final class UnixSockets {

    /** What fits into the address of a socket on macOS, less by a few than on Linux; the end mark takes one more. */
    private static final int LONGEST_PATH_BYTES = 103;

    private UnixSockets() {}

    /** What goes on after the socket's path, or null if nothing is known against it. */
    static @Nullable String obstacle(String path) {
        if (path.getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH_BYTES) {
            return "is too long a path for a socket, must be of " + LONGEST_PATH_BYTES + " bytes at most";
        }
        if (!Files.exists(Path.of(path))) {
            return "does not exist; is the server running, and is this its unixsocket?";
        }
        return null;
    }
}
