package io.keysweep.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free ports for cluster nodes. Ports and bus ports lie in two ranges below the one that the system gives to outgoing
 * connections, so that none of those takes a port between our look and the server's start.
 */
final class ClusterPorts {

    /** Distance from a node's port to that of its bus, fixed up to Redis 6. */
    private static final int BUS = 10_000;

    private static final int FIRST = 12_000;
    private static final int LAST = 21_999;
    private static final int ATTEMPTS = 1_000;

    private ClusterPorts() {}

    /** A port that is free now, as is the one 10000 above it. */
    static int free() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
            if (isFree(port) && isFree(port + BUS)) {
                return port;
            }
        }
        throw new IllegalStateException("No two free ports from " + FIRST + " to " + (LAST + BUS));
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
