package io.keysweep.benchmarks.comparison;

import io.keysweep.benchmarks.server.Planter;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the server of a comparison, and plants the same expired keys before each turn of a contender.
 *
 * <p>Active expiry is off unless a contender switches it on, so only contenders reclaim keys. Not safe to share between
 * threads; {@link #connect} opens connections for other threads.
 */
final class PlantedServer implements AutoCloseable {

    /** The time limit of a command; a blocking scan of the whole key space takes minutes. */
    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    /** The time in which the server finishes work that planting has caused, such as growing its hash tables. */
    private static final Duration SETTLE_TIME = Duration.ofMillis(300);

    private final RedisServer server;
    private final RespClient client;
    private final Planter planter;
    private final KeySpaceSize size;

    private PlantedServer(RedisServer server, KeySpaceSize size) {
        this.server = server;
        this.size = size;
        this.client = RespClient.connect(server.port(), TIMEOUT);
        this.planter = new Planter(client, size.valueSize());
    }

    /**
     * Starts a server, switches on its measurements of latency, and plants the persistent keys. The caller must close
     * the server.
     *
     * @param spec the kind of server to start
     * @param size how many keys to plant; a part of a comparison plants fewer than {@code spec} says
     */
    static PlantedServer start(ComparisonSpec spec, KeySpaceSize size) {
        // By default the server answers all clients with BUSY once a script has run for 5 s.
        List<String> settings = new ArrayList<>(List.of("--lua-time-limit", "0"));
        if (spec.ownCore()) {
            // The option binds only the main thread. The server's other threads run on the cores of this process.
            settings.addAll(List.of("--server_cpulist", "0"));
        }
        String[] options = settings.toArray(String[]::new);
        RedisServer server = spec.clusterMode()
                ? RedisServer.startWithAllSlots(spec.version(), options)
                : RedisServer.start(spec.version(), options);
        PlantedServer plantedServer = new PlantedServer(server, size);
        try {
            // The latency monitor from 1 ms, and 1000 entries of the slow log from 2 ms (2000 µs); Stalls reads both.
            plantedServer.client.call("CONFIG", "SET", "latency-tracking-info-percentiles", "50 99 99.9 100");
            plantedServer.client.call("CONFIG", "SET", "latency-monitor-threshold", "1");
            plantedServer.client.call("CONFIG", "SET", "slowlog-log-slower-than", "2000");
            plantedServer.client.call("CONFIG", "SET", "slowlog-max-len", "1000");
            plantedServer.client.call("DEBUG", "SET-ACTIVE-EXPIRE", "0");
            plantedServer.planter.plantPersistent("live:", size.persistent());
            return plantedServer;
        } catch (RuntimeException e) {
            plantedServer.close();
            throw e;
        }
    }

    /**
     * Plants the expired keys again, under the same names, and resets the server's statistics.
     *
     * @throws IllegalStateException if the server then holds a different number of keys than planted
     */
    void replant() throws InterruptedException {
        planter.plantExpired("dead:", size.expired());
        Thread.sleep(SETTLE_TIME);
        if (keys() != size.total()) {
            throw new IllegalStateException("Planted " + size.total() + " keys, but the server holds " + keys()
                    + ": does another client use it?");
        }
        client.call("CONFIG", "RESETSTAT");
        client.call("SLOWLOG", "RESET");
        client.call("LATENCY", "RESET");
    }

    /** Returns the number of keys on the server, including expired ones. */
    long keys() {
        return client.callLong("DBSIZE");
    }

    KeySpaceSize size() {
        return size;
    }

    RespClient client() {
        return client;
    }

    /** Opens another connection with the same time limit. */
    RespClient connect() {
        return RespClient.connect(server.port(), TIMEOUT);
    }

    RedisVersion version() {
        return server.version();
    }

    int port() {
        return server.port();
    }

    String uri() {
        return server.uri();
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
