package io.keysweep.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntPredicate;

/**
 * Finds free ports on the loopback address for test servers. Another process may take a port before the server binds
 * it, so callers must repeat a failed start with another port.
 */
final class FreePorts {

    /** The distance from a cluster node's port to the port of its cluster bus, which is fixed up to Redis 6. */
    private static final int BUS_OFFSET = 10_000;

    // Both ranges, of ports and of bus ports, lie below the range that the system gives to outgoing connections. So no
    // outgoing connection can take a port between the check and the server's start.
    private static final int FIRST_NODE_PORT = 12_000;
    private static final int LAST_NODE_PORT = 21_999;

    /** The number of random ports to try before the range is treated as full. */
    private static final int MAX_ATTEMPTS = 1_000;

    private FreePorts() {}

    /** Returns a free port, 12000 to 31999. */
    static int any() {
        return find(FIRST_NODE_PORT, LAST_NODE_PORT + BUS_OFFSET, FreePorts::isFree);
    }

    /** Returns a free port for a cluster node, 12000 to 21999; its bus port, which is 10000 higher, is free as well. */
    static int forClusterNode() {
        return find(FIRST_NODE_PORT, LAST_NODE_PORT, port -> isFree(port) && isFree(port + BUS_OFFSET));
    }

    private static int find(int first, int last, IntPredicate free) {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(first, last + 1);
            if (free.test(port)) {
                return port;
            }
        }
        throw new IllegalStateException("No free port from " + first + " to " + last);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
