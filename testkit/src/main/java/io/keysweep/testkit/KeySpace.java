package io.keysweep.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/**
 * Plants living keys and expired keys on a server whose active expiry is switched off, so that the expired ones stay in
 * memory. Keys are named {@code live:<n>} and {@code dead:<n>}.
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

    /** Switches off the server's active expiry and plants through {@code client}. */
    public static KeySpace frozen(RespClient client) {
        return frozen(client, UnaryOperator.identity());
    }

    /**
     * Switches off the server's active expiry and plants through {@code client}, under names that {@code naming} changes.
     * A cluster's primary, for example, accepts only keys of its own slots, so {@code naming} adds a hash tag.
     */
    public static KeySpace frozen(RespClient client, UnaryOperator<String> naming) {
        client.call("DEBUG", "SET-ACTIVE-EXPIRE", "0");
        return new KeySpace(client, naming);
    }

    /** Plants {@code live} keys without a TTL and {@code dead} keys that have expired when this method returns. */
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

    /** Switches on the server's active expiry again. */
    public void thaw() {
        client.call("DEBUG", "SET-ACTIVE-EXPIRE", "1");
    }

    /** Returns the number of keys in one database, including expired ones. */
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

    // An access to a planted key would reclaim it, so this polls the server's clock instead.
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
