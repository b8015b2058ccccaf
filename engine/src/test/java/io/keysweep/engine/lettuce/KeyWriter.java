package io.keysweep.engine.lettuce;

import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RespClient;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Makes the table of a server grow a lot and then shrink again, a piece at each call. */
final class KeyWriter implements AutoCloseable {

    private static final int KEYS_A_CALL = 15_000;
    private static final int GROWING_CALLS = 10;

    private final RespClient client;
    private final int keysACall;
    private final UnaryOperator<String> naming;
    private int written;
    private int deleted;

    KeyWriter(RedisServer server) {
        this(server, KEYS_A_CALL, UnaryOperator.identity());
    }

    KeyWriter(RedisServer server, int keysACall, UnaryOperator<String> naming) {
        client = server.client();
        this.keysACall = keysACall;
        this.naming = naming;
    }

    void writeSome(int call) {
        List<String[]> commands = new ArrayList<>();
        for (int i = 0; i < keysACall; i++) {
            if (call <= GROWING_CALLS) {
                commands.add(new String[] {"SET", naming.apply("new:" + written++), "v"});
            } else if (deleted < written) {
                commands.add(new String[] {"DEL", naming.apply("new:" + deleted++)});
            }
        }
        client.pipeline(commands);
    }

    int keysLeft() {
        return written - deleted;
    }

    @Override
    public void close() {
        client.close();
    }
}
