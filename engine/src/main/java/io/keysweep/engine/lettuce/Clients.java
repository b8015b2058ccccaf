package io.keysweep.engine.lettuce;

import io.keysweep.engine.topology.Tls;
import io.lettuce.core.RedisClient;
import io.lettuce.core.resource.ClientResources;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lettuce's clients, one for each kind of connection, since options belong to a client; they share threads. Those that no
 * connection uses are kept for the next one, but only a few of them: each holds the certificates and the private key of
 * somebody who may never come again. Safe to share between threads.
 */
final class Clients implements AutoCloseable {

    /** Enough that the sweeps of a host, one after another, find theirs. */
    static final int MOST_IDLE = 4;

    /**
     * What connections of one client have in common.
     *
     * @param unix whether they go to a Unix socket
     * @param tls how they are encrypted, or null
     */
    record Kind(boolean unix, @Nullable Tls tls) {}

    private static final class Client {

        private final RedisClient lettuce;
        private int users;

        private Client(RedisClient lettuce) {
            this.lettuce = lettuce;
        }
    }

    private final ClientResources resources;
    private final Map<Kind, Client> clients = new HashMap<>();
    /** Those without users, the one that has been so for longest first. */
    private final SequencedSet<Kind> idle = new LinkedHashSet<>();

    /** @param resources threads; stay the caller's to close */
    Clients(ClientResources resources) {
        this.resources = resources;
    }

    /** The client for a connection of this kind, to be given back when that is closed. */
    synchronized RedisClient take(Kind kind) {
        Client client = clients.computeIfAbsent(kind, this::create);
        client.users++;
        idle.remove(kind);
        return client.lettuce;
    }

    private Client create(Kind kind) {
        return new Client(kind.unix ? new UnixSocketClient(resources) : RedisClient.create(resources));
    }

    /** Gives back what was taken, once. */
    synchronized void giveBack(Kind kind) {
        Client client = clients.get(kind);
        if (client == null || --client.users > 0) {
            return;
        }
        idle.add(kind);
        if (idle.size() > MOST_IDLE) {
            Client longestIdle = clients.remove(idle.removeFirst());
            if (longestIdle != null) {
                // Nobody waits for it: it has no connection any more.
                var unused = longestIdle.lettuce.shutdownAsync(0, 2, TimeUnit.SECONDS);
            }
        }
    }

    /** How many there are. */
    synchronized int size() {
        return clients.size();
    }

    /** Closes them all, and what connections they still have. */
    @Override
    public void close() {
        List<Client> all;
        synchronized (this) {
            all = List.copyOf(clients.values());
            clients.clear();
            idle.clear();
        }
        // Connections that end by it give their client back meanwhile, on the threads that this waits for.
        all.forEach(client -> client.lettuce.shutdown(0, 2, TimeUnit.SECONDS));
    }
}
