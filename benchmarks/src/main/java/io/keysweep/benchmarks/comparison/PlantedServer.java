package io.keysweep.benchmarks.comparison;

import io.keysweep.benchmarks.server.Planter;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The server that all contenders of a run meet: its own expiry is off unless a contender is about it, and the same
 * expired keys are there again before each.
 */
final class PlantedServer implements AutoCloseable {

    /** A blocking walk of the whole key space takes as long as it takes. */
    private static final Duration TIMEOUT = Duration.ofMinutes(10);
    /** Time for the server to finish what planting has left to do, such as growing its tables. */
    private static final Duration SETTLE = Duration.ofMillis(300);

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

    /** Starts a server and plants the persistent keys. */
    static PlantedServer start(ComparisonSpec spec, KeySpaceSize size) {
        // Else the server answers everybody with BUSY once a script has run for five seconds.
        List<String> settings = new ArrayList<>(List.of("--lua-time-limit", "0"));
        if (spec.ownCore()) {
            // Its other threads stay where this process is.
            settings.addAll(List.of("--server_cpulist", "0"));
        }
        String[] options = settings.toArray(String[]::new);
        RedisServer server = spec.clusterMode()
                ? RedisServer.startWithAllSlots(spec.version(), options)
                : RedisServer.start(spec.version(), options);
        PlantedServer planted = new PlantedServer(server, size);
        try {
            planted.client.call("CONFIG", "SET", "latency-tracking-info-percentiles", "50 99 99.9 100");
            planted.client.call("CONFIG", "SET", "latency-monitor-threshold", "1");
            planted.client.call("CONFIG", "SET", "slowlog-log-slower-than", "2000");
            planted.client.call("CONFIG", "SET", "slowlog-max-len", "1000");
            planted.client.call("DEBUG", "SET-ACTIVE-EXPIRE", "0");
            planted.planter.plantPersistent("live:", size.persistent());
            return planted;
        } catch (RuntimeException e) {
            planted.close();
            throw e;
        }
    }

    /** Plants the expired keys again and has the server forget its statistics. */
    void replant() throws InterruptedException {
        planter.plantExpired("dead:", size.expired());
        Thread.sleep(SETTLE);
        if (keys() != size.total()) {
            throw new IllegalStateException(
                    "Planted " + size.total() + " keys, yet the server holds " + keys() + ": is it used by others?");
        }
        client.call("CONFIG", "RESETSTAT");
        client.call("SLOWLOG", "RESET");
        client.call("LATENCY", "RESET");
    }

    /** Keys that the server holds, dead ones included. */
    long keys() {
        return client.callLong("DBSIZE");
    }

    KeySpaceSize size() {
        return size;
    }

    RespClient client() {
        return client;
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
