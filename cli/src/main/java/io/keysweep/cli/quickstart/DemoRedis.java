package io.keysweep.cli.quickstart;

import io.keysweep.engine.topology.Deployment;

/**
 * Represents the Redis or Valkey server that the quickstart sweeps; {@link #close} ends it only if the quickstart has
 * started it.
 */
sealed interface DemoRedis extends AutoCloseable {

    /** Returns the server's address and credentials. */
    Deployment.Standalone server();

    /** Returns the URI of the server without user and password. */
    String uri();

    /** Returns product and version of the server, for example {@code redis-server 7.0.15}. */
    String name();

    /** Returns whether the quickstart has started the server, which then holds only demo keys. */
    boolean isOwn();

    /** Stops the server if the quickstart has started it, and waits for its end, at most 40 s. */
    @Override
    void close();

    /** Represents a server that the quickstart has started and stops at its end. */
    record OwnServer(Deployment.Standalone server, String uri, String name, GuardedProcess process)
            implements DemoRedis {

        @Override
        public boolean isOwn() {
            return true;
        }

        @Override
        public void close() {
            process.close();
        }
    }

    /** Represents a server that the user has named with {@code --redis}. It may hold other keys and keeps running. */
    record Given(Deployment.Standalone server, String uri, String name) implements DemoRedis {

        @Override
        public boolean isOwn() {
            return false;
        }

        @Override
        public void close() {
            // The server belongs to the user and keeps running.
        }
    }
}
