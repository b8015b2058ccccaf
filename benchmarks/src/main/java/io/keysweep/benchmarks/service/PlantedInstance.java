package io.keysweep.benchmarks.service;

import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import io.keysweep.testkit.SignedServiceClient.Answer;
import java.util.Map;

/**
 * A small server that is an instance of the service, with keys whose number is known. Its own expiry is off, so that only
 * sweeps reclaim. Used by one thread.
 */
public final class PlantedInstance implements AutoCloseable {

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

    /** Starts one with so many living keys and registers it. */
    public static PlantedInstance start(RedisVersion version, int number, int living, FailoverClient caller)
            throws InterruptedException {
        RedisServer server = RedisServer.start(version);
        try {
            RespClient client = server.client();
            KeySpace keys = KeySpace.frozen(client).plant(0, living, 0);
            String id = register("planted-" + number, server.uri(), caller);
            return new PlantedInstance(server, client, keys, id, living);
        } catch (RuntimeException | InterruptedException e) {
            server.close();
            throw e;
        }
    }

    /** One whose answer was lost may have been made all the same; then the name is taken. */
    private static String register(String name, String uri, FailoverClient caller) throws InterruptedException {
        Answer made = caller.call(
                "instance: register",
                "POST",
                "/api/v1/instances",
                "{\"name\":\"" + name + "\",\"uri\":\"" + uri + "\"}",
                Map.of());
        if (made.status() == 201) {
            return made.body().get("id").asString();
        }
        Answer all = caller.call("instances: list", "GET", "/api/v1/instances", "", Map.of());
        return all.body()
                .valueStream()
                .filter(instance -> instance.get("name").asString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Not registered: " + made))
                .get("id")
                .asString();
    }

    /** Id of the instance. */
    public String instanceId() {
        return instanceId;
    }

    /** Living keys. */
    public int living() {
        return living;
    }

    /** Plants so many dead keys more. */
    public void plant(int more) {
        keys.plant(0, 0, more);
        dead += more;
    }

    /** Dead keys that are planted and were not reported as reclaimed. */
    public long dead() {
        return dead;
    }

    /** Notes what a scan has reported. */
    public void reported(long reclaimed) {
        dead -= reclaimed;
    }

    /** Keys on the server, dead ones included. */
    public long size() {
        return keys.size(0);
    }

    /** Connections to the server but that of this class. */
    public long otherConnections() {
        return client.callText("CLIENT", "LIST").lines().count() - 1;
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
