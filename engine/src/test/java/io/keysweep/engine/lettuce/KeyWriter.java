package io.keysweep.engine.lettuce;

import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RespClient;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Writes and then removes so many keys that the table of a server grows and shrinks, one part with each call. */
final class KeyWriter implements AutoCloseable {

    private static final int KEYS_PER_CALL = 15_000;

    /** The number of calls that add keys; later calls remove them again. */
    private static final int GROWING_CALLS = 10;

    private final RespClient client;
    private final int keysPerCall;
    private final UnaryOperator<String> naming;
    private int written;
    private int deleted;

    /** Creates a writer of 150,000 keys. */
    KeyWriter(RedisServer server) {
        this(server, KEYS_PER_CALL, UnaryOperator.identity());
    }

    /**
     * Creates a writer.
     *
     * @param keysPerCall the number of keys that a call adds or removes
     * @param naming changes each name; for example, it adds a hash tag
     */
    KeyWriter(RedisServer server, int keysPerCall, UnaryOperator<String> naming) {
        client = server.client();
        this.keysPerCall = keysPerCall;
        this.naming = naming;
    }

    /** Adds or removes keys. The calls are numbered from 1. */
    void writeSome(int call) {
        List<String[]> commands = new ArrayList<>();
        for (int i = 0; i < keysPerCall; i++) {
            if (call <= GROWING_CALLS) {
                commands.add(new String[] {"SET", naming.apply("new:" + written++), "v"});
            } else if (deleted < written) {
                commands.add(new String[] {"DEL", naming.apply("new:" + deleted++)});
            }
        }
        client.pipeline(commands);
    }

    /** Returns the number of keys that were added and not removed. */
    int keysLeft() {
        return written - deleted;
    }

    @Override
    public void close() {
        client.close();
    }
}
