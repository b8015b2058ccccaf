package io.keysweep.engine.lettuce;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Checks the path of a Unix socket before Keysweep connects, so that the error message can say what to correct. */
final class UnixSocketCheck {

    /**
     * The longest path that fits into a socket address on macOS: 104 bytes with the terminating zero. Linux allows 108.
     * The lower limit applies on all systems.
     */
    private static final int MAX_PATH_BYTES = 103;

    private UnixSocketCheck() {}

    /**
     * Returns why no connection to the socket is possible, as the part of a message after the path. Returns null if the
     * path is short enough and a file exists there. The method does not check whether the file is a socket.
     *
     * @param path an absolute path
     */
    static @Nullable String obstacle(String path) {
        if (path.getBytes(StandardCharsets.UTF_8).length > MAX_PATH_BYTES) {
            return "is too long for a Unix socket, must be at most " + MAX_PATH_BYTES + " bytes";
        }
        if (!Files.exists(Path.of(path))) {
            return "does not exist; is the server running, and is this its unixsocket setting?";
        }
        return null;
    }
}
