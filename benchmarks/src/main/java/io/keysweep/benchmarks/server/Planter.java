package io.keysweep.benchmarks.server;

import io.keysweep.testkit.RespClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;

/**
 * Plants keys for benchmarks by scripts that run on the server, several times as fast as sending each key.
 *
 * <p>A key that exists under the same name is overwritten. Not safe to share between threads.
 */
public final class Planter {

    /** The number of keys that one script plants. It is low, because a script blocks the server. */
    private static final int KEYS_PER_SCRIPT = 5_000;

    /**
     * Sets the keys with the numbers {@code ARGV[2]} to {@code ARGV[3] - 1}. {@code ARGV[1]} is the prefix of their
     * names, {@code ARGV[4]} the value. {@code ARGV[5]} and {@code ARGV[6]} are optional and give the TTL, for example
     * {@code PX 1000}.
     */
    private static final String SCRIPT = """
            for i = tonumber(ARGV[2]), tonumber(ARGV[3]) - 1 do
              local key = ARGV[1] .. string.format('%d', i)
              if ARGV[5] then redis.call('SET', key, ARGV[4], ARGV[5], ARGV[6])
              else redis.call('SET', key, ARGV[4]) end
            end
            """;

    private final RespClient client;
    private final String value;

    /** Creates a planter that uses {@code client} and gives each key a value of {@code valueSize} bytes. */
    public Planter(RespClient client, int valueSize) {
        this.client = client;
        this.value = "x".repeat(valueSize);
    }

    /** Plants {@code count} keys without a TTL; their names are {@code prefix} and a number from 0. */
    public void plantPersistent(String prefix, long count) {
        plant(prefix, /* from= */ 0, count);
    }

    /**
     * Plants {@code count} keys with a TTL of {@code ttlMillis}; their names are {@code prefix} and a number from 0.
     */
    public void plantVolatile(String prefix, long count, long ttlMillis) {
        plant(prefix, /* from= */ 0, count, "PX", Long.toString(ttlMillis));
    }

    /**
     * Plants the keys with the numbers {@code from} to {@code to - 1}. They expire at {@code deadlineMillis}, Unix time
     * in milliseconds.
     */
    public void plantUntil(String prefix, long from, long to, long deadlineMillis) {
        plant(prefix, from, to, "PXAT", Long.toString(deadlineMillis));
    }

    /** Plants {@code count} keys that have expired when this method returns, but still hold memory. */
    public void plantExpired(String prefix, long count) {
        plantVolatile(prefix, count, /* ttlMillis= */ 1);
        // An access to a planted key would reclaim it, so this polls the server's clock instead. 3 ms exceed the TTL of
        // the last key and the rounding of both times.
        long plantedAt = serverMillis();
        while (serverMillis() < plantedAt + 3) {
            LockSupport.parkNanos(500_000);
        }
    }

    /**
     * Plants the keys with the numbers {@code from} to {@code to - 1}; {@code ttl} is empty or an option of SET and its
     * value.
     */
    private void plant(String prefix, long from, long to, String... ttl) {
        for (long next = from; next < to; next += KEYS_PER_SCRIPT) {
            long end = Math.min(to, next + KEYS_PER_SCRIPT);
            String numberOfKeyArguments = "0";
            List<String> command = new ArrayList<>(List.of(
                    "EVAL", SCRIPT, numberOfKeyArguments, prefix, Long.toString(next), Long.toString(end), value));
            command.addAll(List.of(ttl));
            client.call(command.toArray(String[]::new));
        }
    }

    /** Returns the server's clock, Unix time in milliseconds. */
    private long serverMillis() {
        // The reply of TIME has the seconds, and the microseconds in the current second.
        List<?> time = (List<?>) Objects.requireNonNull(client.call("TIME"));
        return Long.parseLong((String) time.get(0)) * 1_000 + Long.parseLong((String) time.get(1)) / 1_000;
    }
}
