package io.keysweep.cli.quickstart;

import io.keysweep.cli.quickstart.RespConnection.ErrorReply;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.engine.topology.Deployment;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Plants, counts and removes the demo keys on one server; touches no other key there. */
final class DemoKeySpace {

    private static final int BATCH = 500;

    /** Short, since on a server of its own nobody reclaims a key before the scan does. */
    private static final String TTL_MILLIS = "200";

    /** So that the memory that comes back is worth a look. */
    private static final String VALUE = "A value of sixty-four bytes, about what a session token takes up.";

    private static final long POLL_MILLIS = 20;

    private final Deployment.Standalone server;
    private final DemoKeys keys;

    DemoKeySpace(Deployment.Standalone server, DemoKeys keys) {
        this.server = server;
        this.keys = keys;
    }

    /** Switches the server's own expiry off or on; false where the server does not let us. */
    boolean activeExpiry(boolean on) {
        try (RespConnection redis = RespConnection.open(server)) {
            return !(redis.ask("DEBUG", "SET-ACTIVE-EXPIRE", on ? "1" : "0") instanceof ErrorReply);
        }
    }

    /** Plants all keys and returns when those that expire are past their time. */
    void plant() throws InterruptedException {
        try (RespConnection redis = RespConnection.open(server)) {
            set(redis, keys.persistent(), keys::persistentName);
            set(redis, keys.expiring(), keys::expiringName, "PX", TTL_MILLIS);
            redis.demand("SET", keys.lastName(), VALUE, "PX", TTL_MILLIS);
            // This one goes last. To read it reclaims it, so it is not among those that are counted.
            while (number(redis.demand("EXISTS", keys.lastName())) > 0) {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
        }
    }

    /** All keys of the server's database 0. */
    long size() {
        try (RespConnection redis = RespConnection.open(server)) {
            return number(redis.demand("DBSIZE"));
        }
    }

    /** How many of the persistent keys are there. */
    long persistentKeys() {
        long there = 0;
        try (RespConnection redis = RespConnection.open(server)) {
            for (int from = 0; from < keys.persistent(); from += BATCH) {
                there += number(redis.demand(batch("EXISTS", from, keys.persistent(), keys::persistentName)));
            }
        }
        return there;
    }

    /**
     * How many of the expired keys still take up memory. Exact: to ask for such a key reclaims it, and the size of the
     * database before and after tells, in one transaction, how often that happened.
     */
    long deadKeys() {
        long dead = 0;
        try (RespConnection redis = RespConnection.open(server)) {
            for (int from = 0; from < keys.expiring(); from += BATCH) {
                redis.send("MULTI");
                redis.send("DBSIZE");
                redis.send(batch("EXISTS", from, keys.expiring(), keys::expiringName));
                redis.send("DBSIZE");
                redis.send("EXEC");
                redis.demandReply("MULTI");
                redis.demandReply("DBSIZE");
                redis.demandReply("EXISTS");
                redis.demandReply("DBSIZE");
                if (!(redis.demandReply("EXEC") instanceof List<?> sizes) || sizes.size() != 3) {
                    throw new CommandFailure(ExitCode.FAILED, server.address() + " gives EXEC an unexpected reply");
                }
                dead += number(sizes.get(0)) - number(sizes.get(2));
            }
        }
        return dead;
    }

    /** Removes every demo key that is there. */
    void remove() {
        try (RespConnection redis = RespConnection.open(server)) {
            for (int from = 0; from < keys.persistent(); from += BATCH) {
                redis.demand(batch("UNLINK", from, keys.persistent(), keys::persistentName));
            }
            for (int from = 0; from < keys.expiring(); from += BATCH) {
                redis.demand(batch("UNLINK", from, keys.expiring(), keys::expiringName));
            }
            redis.demand("UNLINK", keys.lastName());
        }
    }

    private static void set(RespConnection redis, int count, IntFunction<String> name, String... options)
            throws InterruptedException {
        String[] command = new String[3 + options.length];
        command[0] = "SET";
        command[2] = VALUE;
        System.arraycopy(options, 0, command, 3, options.length);
        for (int from = 0; from < count; from += BATCH) {
            int to = Math.min(count, from + BATCH);
            for (int i = from; i < to; i++) {
                command[1] = name.apply(i);
                redis.send(command);
            }
            for (int i = from; i < to; i++) {
                redis.demandReply("SET");
            }
            // A socket does not heed an interrupt by itself.
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private static String[] batch(String command, int from, int count, IntFunction<String> name) {
        int size = Math.min(BATCH, count - from);
        String[] words = new String[1 + size];
        words[0] = command;
        for (int i = 0; i < size; i++) {
            words[1 + i] = name.apply(from + i);
        }
        return words;
    }

    private long number(@Nullable Object reply) {
        if (reply instanceof Long number) {
            return number;
        }
        throw new CommandFailure(ExitCode.FAILED, server.address() + " gives an unexpected reply: " + reply);
    }
}
