package io.keysweep.cli.quickstart;

import io.keysweep.engine.topology.Deployment;

/** Represents the server that is swept in the demonstration. */
sealed interface DemoRedis extends AutoCloseable {

    /** Returns the server's address and credentials. */
    Deployment.Standalone server();

    /** Returns the URI without user and password. */
    String uri();

    /** Returns product and version for people. */
    String name();

    /** Returns whether the server was started for the demonstration, and so holds no other keys. */
    boolean own();

    @Override
    void close();

    /** Represents a server that was started for the demonstration and ends with it. */
    record Own(Deployment.Standalone server, String uri, String name, GuardedProcess process) implements DemoRedis {

        @Override
        public boolean own() {
            return true;
        }

        @Override
        public void close() {
            process.close();
        }
    }

    /** Represents a server that the user has named and that may hold other keys. */
    record Given(Deployment.Standalone server, String uri, String name) implements DemoRedis {

        @Override
        public boolean own() {
            return false;
        }

        @Override
        public void close() {
            // The server belongs to the user and keeps running.
        }
    }
}
