package io.keysweep.benchmarks.service;

import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import io.keysweep.testkit.SignedServiceClient.Answer;

/**
 * Runs a small Redis server that holds a known number of keys and is registered as an instance of the service.
 *
 * <p>The server's active expiry is off, so only sweeps reclaim keys (remove expired ones). Benchmarks compare the
 * number of keys on the server with the counts that scans report. Not safe to share between threads.
 */
public final class PlantedInstance implements AutoCloseable {

    /** The database that holds the keys. */
    private static final int DATABASE = 0;

    private final RedisServer server;
    private final RespClient client;
    private final KeySpace keys;
    private final String instanceId;
    private final int living;
    private long dead;

    private PlantedInstance(RedisServer server, RespClient client, KeySpace keys, String instanceId, int living) {
        this.server = server;
        this.client = client;
        this.keys = keys;
        this.instanceId = instanceId;
        this.living = living;
    }

    /**
     * Starts a server with {@code living} keys that do not expire during the benchmark, and registers it under the name
     * {@code planted-<number>}. One of these keys has a long TTL, since a sweep does not visit a database without TTLs.
     * The caller must close the instance; it stays registered.
     *
     * @param number the number of the instance, which must be new in the service
     * @param serviceClient calls the service to register the instance
     */
    public static PlantedInstance start(RedisVersion version, int number, int living, FailoverClient serviceClient)
            throws InterruptedException {
        RedisServer server = RedisServer.start(version);
        try {
            RespClient client = server.client();
            KeySpace keys = KeySpace.withExpiryOff(client).plant(DATABASE, living, /* dead= */ 0);
            String id = register("planted-" + number, server.uri(), serviceClient);
            return new PlantedInstance(server, client, keys, id, living);
        } catch (RuntimeException | InterruptedException e) {
            server.close();
            throw e;
        }
    }

    /**
     * Registers the server and returns the id of the instance. If the answer to an earlier attempt was lost, the name
     * is already taken; then this method finds the instance by its name.
     */
    private static String register(String name, String uri, FailoverClient serviceClient) throws InterruptedException {
        Answer answer = serviceClient.call(
                "instance: register",
                "POST",
                "/api/v1/instances",
                "{\"name\":\"" + name + "\",\"uri\":\"" + uri + "\"}");
        if (answer.status() == 201) {
            return answer.body().get("id").asString();
        }
        Answer instances = serviceClient.get("instances: list", "/api/v1/instances");
        return instances
                .body()
                .valueStream()
                .filter(instance -> instance.get("name").asString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Not registered: " + answer))
                .get("id")
                .asString();
    }

    /** Returns the id of the instance. */
    public String instanceId() {
        return instanceId;
    }

    /** Returns the number of keys that no scan may remove. */
    public int living() {
        return living;
    }

    /** Plants {@code count} more expired keys, which {@link #dead} includes from now on. */
    public void plant(int count) {
        keys.plant(DATABASE, /* live= */ 0, count);
        dead += count;
    }

    /** Returns the number of expired keys that were planted and not yet reported as reclaimed. */
    public long dead() {
        return dead;
    }

    /**
     * Subtracts the reclaimed keys that a scan has reported from {@link #dead}. A negative number raises {@link #dead}
     * again, after a scan has reported too many.
     */
    public void subtractReported(long reclaimed) {
        dead -= reclaimed;
    }

    /** Returns the number of keys on the server, including expired ones. */
    public long size() {
        return keys.size(DATABASE);
    }

    /** Returns the number of connections to the server, without the connection of this class. */
    public long otherConnections() {
        return client.callText("CLIENT", "LIST").lines().count() - 1;
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
