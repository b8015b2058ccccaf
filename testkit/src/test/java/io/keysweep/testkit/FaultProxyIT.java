package io.keysweep.testkit;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Tests what each fault of the proxy does to connections with a real server. */
final class FaultProxyIT {

    @AutoClose
    private static final RedisServer server = RedisServer.start(RedisVersion.REDIS_7_0);

    @AutoClose
    private final FaultProxy proxy = FaultProxy.inFrontOf(server.port());

    @Test
    void proxy_withoutFaults_forwardsLargeValuesBothWays() {
        String value = "v".repeat(5_000_000);
        try (RespClient client = RespClient.connect(proxy.port())) {
            client.call("SET", "large", value);
            assertThat(client.callText("GET", "large")).isEqualTo(value);
        }
        await("the proxy closes the connection").until(() -> proxy.connections() == 0);
    }

    @Test
    void cut_openConnection_breaksItAndAcceptsNewConnections() {
        try (RespClient client = RespClient.connect(proxy.port())) {
            client.call("PING");
            proxy.cut();
            assertThatExceptionOfType(RespException.class).isThrownBy(() -> client.call("PING"));
        }
        try (RespClient client = RespClient.connect(proxy.port())) {
            assertThat(client.call("PING")).isEqualTo("PONG");
        }
    }

    @Test
    void refuse_newConnection_isRefusedAndOpenOnesAreKept() {
        try (RespClient openClient = RespClient.connect(proxy.port())) {
            openClient.call("PING");
            proxy.refuse();

            assertThat(openClient.call("PING")).isEqualTo("PONG");
            assertThatExceptionOfType(RespException.class)
                    .isThrownBy(() -> RespClient.connect(proxy.port()))
                    .withMessageStartingWith("No connection");
        }

        // Later, the proxy admits new connections again.
        proxy.admit();
        try (RespClient client = RespClient.connect(proxy.port())) {
            assertThat(client.call("PING")).isEqualTo("PONG");
        }
    }

    @Test
    void delay_inBothDirections_addsUp() {
        try (RespClient client = RespClient.connect(proxy.port())) {
            client.call("PING");
            proxy.toServer().delay(Duration.ofMillis(30));
            proxy.toClient().delay(Duration.ofMillis(50));

            assertThat(durationOf(() -> client.call("PING"))).isGreaterThanOrEqualTo(Duration.ofMillis(80));
        }
    }

    @Test
    void swallow_replies_areLostWhileCommandsArrive() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                RespClient direct = server.client();
                RespClient client = RespClient.connect(proxy.port())) {
            direct.call("DEL", "counter");
            client.call("PING");
            proxy.toClient().swallow(true);
            var reply = CompletableFuture.supplyAsync(() -> client.call("INCR", "counter"), threads);
            await("the server executes the command")
                    .failFast("the call has ended", reply::isDone)
                    .until(() -> "1".equals(direct.call("GET", "counter")));

            assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> reply.get(50, TimeUnit.MILLISECONDS));
            proxy.cut();
            assertThat(reply).failsWithin(Duration.ofMinutes(3));
        }
    }

    @Test
    void bytesPerSecond_largeReply_arrivesAtThatRate() {
        try (RespClient client = RespClient.connect(proxy.port())) {
            client.call("SET", "large", "v".repeat(100_000));
            proxy.toClient().bytesPerSecond(200_000);
            // 100,000 bytes at 200,000 bytes a second take 500 ms. The pause after the last part does not delay the
            // reply, so the call takes a little less time.
            assertThat(durationOf(() -> client.call("GET", "large"))).isGreaterThanOrEqualTo(Duration.ofMillis(350));
        }
    }

    /** Runs work, and returns the time that it takes. */
    private static Duration durationOf(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
