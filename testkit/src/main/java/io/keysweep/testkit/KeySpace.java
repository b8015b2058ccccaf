package io.keysweep.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/**
 * Plants keys on a server: living ones, and expired ones that the server has not reclaimed, since its own expiry is
 * switched off. Keys are named {@code live:<n>} and {@code dead:<n>}.
 */
public final class KeySpace {

    private static final int BATCH = 2_000;

    private final RespClient client;
    private final UnaryOperator<String> naming;
    private int nextKey;

    private KeySpace(RespClient client, UnaryOperator<String> naming) {
        this.client = client;
        this.naming = naming;
    }

    /** Switches the server's own expiry off and plants through {@code client}. */
    public static KeySpace frozen(RespClient client) {
        return frozen(client, UnaryOperator.identity());
    }

    /**
     * {@link #frozen(RespClient)} under other names, for example with a hash tag before each, as a cluster's primary
     * takes only keys of its own slots.
     */
    public static KeySpace frozen(RespClient client, UnaryOperator<String> naming) {
        client.call("DEBUG", "SET-ACTIVE-EXPIRE", "0");
        return new KeySpace(client, naming);
    }

    /** Plants so many keys without a TTL and so many that are expired when this returns, in one database. */
    public KeySpace plant(int db, int live, int dead) {
        client.call("SELECT", Integer.toString(db));
        List<String[]> batch = new ArrayList<>(BATCH);
        for (int i = 0; i < live; i++) {
            add(batch, new String[] {"SET", naming.apply("live:" + nextKey++), "v"});
        }
        for (int i = 0; i < dead; i++) {
            add(batch, new String[] {"SET", naming.apply("dead:" + nextKey++), "v", "PX", "1"});
        }
        client.pipeline(batch);
        awaitServerTimePassed(Duration.ofMillis(3));
        return this;
    }

    /** Lets the server expire keys by itself again. */
    public void thaw() {
        client.call("DEBUG", "SET-ACTIVE-EXPIRE", "1");
    }

    /** Keys that one database holds, dead ones included. */
    public long size(int db) {
        client.call("SELECT", Integer.toString(db));
        return client.callLong("DBSIZE");
    }

    private void add(List<String[]> batch, String[] command) {
        batch.add(command);
        if (batch.size() == BATCH) {
            client.pipeline(batch);
            batch.clear();
        }
    }

    // Asking for a planted key would reclaim it, so the server's clock is asked instead.
    private void awaitServerTimePassed(Duration duration) {
        long until = serverMicros() + duration.toNanos() / 1_000;
        while (serverMicros() < until) {
            LockSupport.parkNanos(200_000);
        }
    }

    private long serverMicros() {
        List<?> time = (List<?>) Objects.requireNonNull(client.call("TIME"));
        return Long.parseLong((String) time.get(0)) * 1_000_000 + Long.parseLong((String) time.get(1));
    }
}
