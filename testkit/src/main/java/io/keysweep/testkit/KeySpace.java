package io.keysweep.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/**
 * Creates ("plants") live keys and expired keys on a server.
 *
 * <p>The server's active expiry is switched off, so that the expired keys stay in memory, where a sweep can find them.
 * Keys are named {@code live:0} or {@code dead:1}, with one running number for both, and their value is {@code v}. Not
 * safe to share between threads.
 */
public final class KeySpace {

    /** A TTL in seconds that no test outlives. */
    private static final String LONG_TTL = "86400";

    /** The number of commands that are sent in one write. */
    private static final int COMMANDS_PER_WRITE = 2_000;

    private static final long CLOCK_POLL_NANOS = 200_000;
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long NANOS_PER_MICRO = 1_000;

    private final RespClient client;
    private final UnaryOperator<String> naming;
    private int nextKey;

    private KeySpace(RespClient client, UnaryOperator<String> naming) {
        this.client = client;
        this.naming = naming;
    }

    /** Switches off the server's active expiry and returns an object that plants keys through {@code client}. */
    public static KeySpace withExpiryOff(RespClient client) {
        return withExpiryOff(client, UnaryOperator.identity());
    }

    /**
     * Switches off the server's active expiry and returns an object that plants keys through {@code client}.
     *
     * @param naming changes each name. For example, it adds a hash tag, because a cluster's primary accepts only keys
     *     of its own slots
     */
    public static KeySpace withExpiryOff(RespClient client, UnaryOperator<String> naming) {
        client.call("DEBUG", "SET-ACTIVE-EXPIRE", "0");
        return new KeySpace(client, naming);
    }

    /**
     * Plants keys in one database.
     *
     * @param db the number of the database
     * @param live the number of live keys. The first has a long TTL, so that a sweep visits the database completely;
     *     the others have none
     * @param dead the number of keys that have expired when this method returns, but still use memory
     * @return this object; the database stays selected
     */
    public KeySpace plant(int db, int live, int dead) {
        client.call("SELECT", Integer.toString(db));
        List<String[]> batch = new ArrayList<>(COMMANDS_PER_WRITE);
        for (int i = 0; i < live; i++) {
            String name = naming.apply("live:" + nextKey++);
            add(batch, i == 0 ? new String[] {"SET", name, "v", "EX", LONG_TTL} : new String[] {"SET", name, "v"});
        }
        for (int i = 0; i < dead; i++) {
            add(batch, new String[] {"SET", naming.apply("dead:" + nextKey++), "v", "PX", "1"});
        }
        client.pipeline(batch);
        // The TTL of the last key is 1 ms, which has passed for certain when the server's clock shows 3 ms more.
        awaitServerTimePassed(Duration.ofMillis(3));
        return this;
    }

    /**
     * Plants live keys without a TTL in one database. If the database has no other keys, a sweep need not visit it.
     *
     * @return this object; the database stays selected
     */
    public KeySpace plantWithoutTtl(int db, int count) {
        client.call("SELECT", Integer.toString(db));
        List<String[]> batch = new ArrayList<>(COMMANDS_PER_WRITE);
        for (int i = 0; i < count; i++) {
            add(batch, new String[] {"SET", naming.apply("live:" + nextKey++), "v"});
        }
        client.pipeline(batch);
        return this;
    }

    /** Switches on the server's active expiry again. */
    public void switchExpiryOn() {
        client.call("DEBUG", "SET-ACTIVE-EXPIRE", "1");
    }

    /** Returns the number of keys in one database, including expired keys that still use memory. */
    public long size(int db) {
        client.call("SELECT", Integer.toString(db));
        return client.callLong("DBSIZE");
    }

    private void add(List<String[]> batch, String[] command) {
        batch.add(command);
        if (batch.size() == COMMANDS_PER_WRITE) {
            client.pipeline(batch);
            batch.clear();
        }
    }

    /** Waits by the server's clock. (Reading a planted key would reclaim it.) */
    private void awaitServerTimePassed(Duration duration) {
        long until = serverMicros() + duration.toNanos() / NANOS_PER_MICRO;
        while (serverMicros() < until) {
            LockSupport.parkNanos(CLOCK_POLL_NANOS);
        }
    }

    private long serverMicros() {
        List<?> time = (List<?>) Objects.requireNonNull(client.call("TIME"));
        return Long.parseLong((String) time.get(0)) * MICROS_PER_SECOND + Long.parseLong((String) time.get(1));
    }
}
