package io.keysweep.cli.quickstart;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.topology.Deployment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * Plants, counts and removes the keys of the quickstart's demonstration on one server. It touches no other key.
 *
 * <p>Persistent keys have no TTL and are not removed. Expiring keys expire immediately and hold memory until something
 * reclaims them. Each method opens a separate connection, and throws a {@code CommandFailure} or a {@link
 * io.keysweep.engine.topology.NodeRefusedException} if the server cannot be reached or refuses a command.
 */
final class DemoKeySpace {

    /** Number of keys per batch: enough to be fast, and so few that a batch never keeps the server busy for long. */
    private static final int KEYS_PER_BATCH = 500;

    /**
     * TTL of the expiring keys, short so that the wait for their expiry is short. After it, the keys still hold their
     * memory, because only the scan reclaims them while the server's own expiry is off.
     */
    private static final String TTL_MILLIS = "200";

    /** The value of each key, long enough to make the change of memory visible. */
    private static final String VALUE = "A value of sixty-four bytes, about what a session token takes up.";

    private static final long POLL_MILLIS = 20;

    private final NodeConnector connector;
    private final Deployment.Standalone server;
    private final DemoKeys keys;

    DemoKeySpace(NodeConnector connector, Deployment.Standalone server, DemoKeys keys) {
        this.connector = connector;
        this.server = server;
        this.keys = keys;
    }

    /**
     * Switches the server's own expiry, by which it removes expired keys in the background, off or on. Returns false if
     * the server does not allow that, as managed servers often do not.
     */
    boolean setActiveExpiry(boolean enabled) {
        try (DemoConnection redis = connect()) {
            Reply reply = redis.callAllowingErrors("DEBUG", "SET-ACTIVE-EXPIRE", enabled ? "1" : "0");
            return !(reply instanceof Reply.Failure);
        }
    }

    /**
     * Plants all keys, and returns when the expiring ones have expired but still hold memory.
     *
     * @throws InterruptedException if the thread is interrupted; some keys are planted then
     */
    void plant() throws InterruptedException {
        try (DemoConnection redis = connect()) {
            forEachBatch(keys.persistent(), (from, to) -> redis.call(List.of(setAll(from, to))));
            forEachBatch(keys.expiring(), (from, to) -> redis.call(setExpiring(from, to)));
            // This key is set last, so it expires after all others. Reading it reclaims it, so it is not among the
            // counted keys.
            redis.call("SET", keys.lastName(), VALUE, "PX", TTL_MILLIS);
            while (redis.call("EXISTS", keys.lastName()).number() > 0) {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
        }
    }

    /** Returns the number of all keys in database 0 of the server, including keys of others. */
    long size() {
        try (DemoConnection redis = connect()) {
            return redis.call("DBSIZE").number();
        }
    }

    /** Returns how many of the persistent keys exist. */
    long countPersistentKeys() {
        long count = 0;
        try (DemoConnection redis = connect()) {
            for (int from = 0; from < keys.persistent(); from += KEYS_PER_BATCH) {
                Command exists = command("EXISTS", from, keys.persistent(), keys::persistentName);
                count += redis.call(List.of(exists)).getFirst().number();
            }
        }
        return count;
    }

    /**
     * Counts the expired demo keys that still take up memory, and reclaims them. The count is exact: EXISTS reclaims
     * the expired keys that it names, and DBSIZE before and after EXISTS, in the same transaction, shows their number.
     */
    long reclaimDeadKeys() {
        long dead = 0;
        try (DemoConnection redis = connect()) {
            for (int from = 0; from < keys.expiring(); from += KEYS_PER_BATCH) {
                List<Reply> replies = redis.call(List.of(
                        Command.of("MULTI"),
                        Command.of("DBSIZE"),
                        command("EXISTS", from, keys.expiring(), keys::expiringName),
                        Command.of("DBSIZE"),
                        Command.of("EXEC")));
                // The reply to EXEC contains the replies to the three commands between MULTI and EXEC.
                List<Reply> results = replies.getLast().items(3);
                long sizeBefore = results.get(0).number();
                long sizeAfter = results.get(2).number();
                dead += sizeBefore - sizeAfter;
            }
        }
        return dead;
    }

    /** Removes every demo key, including the persistent ones. Keys that no longer exist do no harm. */
    void remove() {
        try (DemoConnection redis = connect()) {
            for (int from = 0; from < keys.persistent(); from += KEYS_PER_BATCH) {
                redis.call(List.of(command("UNLINK", from, keys.persistent(), keys::persistentName)));
            }
            for (int from = 0; from < keys.expiring(); from += KEYS_PER_BATCH) {
                redis.call(List.of(command("UNLINK", from, keys.expiring(), keys::expiringName)));
            }
            redis.call("UNLINK", keys.lastName());
        }
    }

    private DemoConnection connect() {
        return DemoConnection.open(connector, server);
    }

    /** Sends the commands for one batch of keys. */
    @FunctionalInterface
    private interface Batch {

        /** Sends the commands for the keys from {@code from} (inclusive) to {@code to} (exclusive). */
        void send(int from, int to);
    }

    /** Calls {@code batch} for each batch of {@code count} keys. */
    private static void forEachBatch(int count, Batch batch) throws InterruptedException {
        for (int from = 0; from < count; from += KEYS_PER_BATCH) {
            batch.send(from, Math.min(count, from + KEYS_PER_BATCH));
            // An interrupt does not end the wait for a reply, so it is checked between the batches.
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    /** Returns one command that sets the persistent keys from {@code from} (inclusive) to {@code to} (exclusive). */
    private Command setAll(int from, int to) {
        List<String> words = new ArrayList<>(1 + 2 * (to - from));
        words.add("MSET");
        for (int i = from; i < to; i++) {
            words.add(keys.persistentName(i));
            words.add(VALUE);
        }
        return new Command(words);
    }

    /** Returns one command for each expiring key of a batch, because MSET cannot set a TTL. */
    private List<Command> setExpiring(int from, int to) {
        List<Command> commands = new ArrayList<>(to - from);
        for (int i = from; i < to; i++) {
            commands.add(Command.of("SET", keys.expiringName(i), VALUE, "PX", TTL_MILLIS));
        }
        return commands;
    }

    /**
     * Returns a command with the names of one batch of keys. The batch begins at index {@code from}, and ends at {@code
     * count} at the latest.
     */
    private static Command command(String name, int from, int count, IntFunction<String> keyName) {
        int size = Math.min(KEYS_PER_BATCH, count - from);
        List<String> words = new ArrayList<>(1 + size);
        words.add(name);
        for (int i = from; i < from + size; i++) {
            words.add(keyName.apply(i));
        }
        return new Command(words);
    }
}
