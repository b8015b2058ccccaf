package io.keysweep.cli.quickstart;

import io.keysweep.engine.topology.Deployment;

/** The server that is swept in the demonstration. */
sealed interface DemoRedis extends AutoCloseable {

    /** Where it is, for us and for the service. */
    Deployment.Standalone server();

    /** Its URI, without user and password. */
    String uri();

    /** What people call it. */
    String name();

    /** Whether it is ours alone, so that every key there is one of the demonstration. */
    boolean own();

    @Override
    void close();

    /** One that was started for the demonstration and ends with it. */
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

    /** One that the user has named, with keys of others perhaps. */
    record Given(Deployment.Standalone server, String uri, String name) implements DemoRedis {

        @Override
        public boolean own() {
            return false;
        }

        @Override
        public void close() {
            // It was there before us and stays.
        }
    }
}
