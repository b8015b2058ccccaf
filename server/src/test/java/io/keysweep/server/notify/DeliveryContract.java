package io.keysweep.server.notify;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.notify.Delivery.DeliveryState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Tests the attempts of deliveries on a real receiver: retries, their delays, and how a delivery ends.
 *
 * <p>The base class provides {@code simulation}, whose clock the test moves, and {@code hook}, a webhook that sends all
 * events to {@code receiver}.
 */
abstract class DeliveryContract extends DeliveryTestCase {

    @Test
    void delivery_thatFails_isRetriedUnderItsIdUntilItIsAccepted() {
        // The receiver fails three attempts in different ways, and accepts the fourth.
        receiver.next(500, 404).next(302, "Location", receiver.url());
        simulation.endScan(/* failure= */ null);
        Delivery delivery = simulation.runNextAttempt(
                simulation.onlyDelivery(hook.webhook()).id());

        assertThat(delivery.error()).isEqualTo("HTTP status 500");
        assertWait(delivery, Duration.ofSeconds(5));

        // Nothing is sent before the second attempt is due.
        simulation.runDue();
        assertThat(receiver.received()).hasSize(1);

        delivery = simulation.runNextAttempt(delivery.id());
        assertThat(delivery.error()).isEqualTo("HTTP status 404");
        assertWait(delivery, Duration.ofMinutes(5));

        delivery = simulation.runNextAttempt(delivery.id());
        assertThat(delivery.error()).isEqualTo("redirects are not followed");
        assertThat(delivery.status()).isEqualTo(302);

        delivery = simulation.runNextAttempt(delivery.id());
        assertThat(delivery.state()).isEqualTo(DeliveryState.DELIVERED);
        assertThat(delivery.attempts()).isEqualTo(4);

        // All attempts have the same id and body, and are signed. The timestamp is the time of the attempt.
        assertThat(receiver.received()).hasSize(4);
        assertThat(receiver.received())
                .extracting(Receiver.Received::id)
                .containsOnly(delivery.id().toString());
        assertThat(receiver.received()).extracting(Receiver.Received::body).containsOnly(delivery.body());
        assertThat(receiver.received())
                .allMatch(received ->
                        received.signedBy(requireNonNull(hook.secret()).text()));
        assertThat(receiver.received().getLast().timestamp())
                .isEqualTo(String.valueOf(simulation.now().getEpochSecond()));
    }

    @Test
    void delivery_thatAlwaysFails_isGivenUpAndCanBeRedelivered() {
        // The receiver gives one of these answers to each attempt.
        receiver.next(500, 500, 500, 500, 500, 500, 500);
        simulation.endScan(/* failure= */ null);
        Delivery delivery = simulation.onlyDelivery(hook.webhook());
        for (int i = 0; i < Backoff.MAX_ATTEMPTS; i++) {
            assertThat(delivery.state()).isEqualTo(DeliveryState.PENDING);

            delivery = simulation.runNextAttempt(delivery.id());
        }

        // The delivery is dead after many hours, and no further attempt is scheduled.
        assertThat(delivery.state()).isEqualTo(DeliveryState.DEAD);
        assertThat(delivery.nextAt()).isNull();
        assertThat(delivery.finishedAt()).isEqualTo(simulation.now());
        assertThat(Duration.between(DeliverySimulation.START, simulation.now()))
                .isBetween(Duration.ofHours(14), Duration.ofHours(22));
        assertThat(simulation.deliveryStore.list(
                        hook.webhook().id(), DeliveryState.DEAD, /* offset= */ 0, /* limit= */ 10))
                .containsExactly(delivery);
        assertThat(simulation.executions()).isZero();

        // A user redelivers it under the same id.
        Delivery redelivered = simulation.deliveries.redeliver(delivery.id());
        assertThat(redelivered.state()).isEqualTo(DeliveryState.PENDING);
        assertThat(simulation.runNextAttempt(delivery.id()).state()).isEqualTo(DeliveryState.DELIVERED);
        assertThat(receiver.received())
                .extracting(Receiver.Received::id)
                .containsOnly(delivery.id().toString());
    }

    /** The URL cannot be read, so each attempt throws an exception, as a bug would. */
    @Test
    void delivery_whoseAttemptsThrowAnException_isRepeatedUntilItSucceeds() {
        simulation.endScan(/* failure= */ null);
        setUrl("http://not a URL");
        int attempts = 17;
        List<Long> delaysInSeconds = new ArrayList<>();
        for (int i = 0; i < attempts; i++) {
            delaysInSeconds.add(simulation.advanceToNextExecution());
        }

        assertThat(delaysInSeconds)
                .containsExactly(
                        0L, 3L, 6L, 12L, 24L, 48L, 60L, 60L, 60L, 60L, 120L, 240L, 480L, 960L, 1_920L, 3_600L, 3_600L);

        // With a right URL, the next attempt succeeds.
        setUrl(receiver.url());
        simulation.advanceToNextExecution();

        assertThat(simulation.onlyDelivery(hook.webhook()).state()).isEqualTo(DeliveryState.DELIVERED);
        assertThat(simulation.executions()).isZero();
    }

    /**
     * This process has seen nine exceptions in a row. Meanwhile an attempt in another process threw none, and the next
     * one threw one. So db-scheduler counts 1, and that count decides.
     */
    @Test
    void delivery_whoseAttemptInAnotherProcessThrewNoException_hasAShortDelay() {
        simulation.endScan(/* failure= */ null);
        setUrl("http://not a URL");
        int attemptsUntilTheDelayIsAMinute = 9;
        for (int i = 0; i < attemptsUntilTheDelayIsAMinute; i++) {
            simulation.advanceToNextExecution();
        }

        // By the count of db-scheduler, only the last attempt has thrown an exception.
        simulation
                .jdbc
                .sql("update scheduled_tasks set consecutive_failures = 1")
                .update();
        simulation.advanceToNextExecution();

        // The delay after two failures in a row is 6 s.
        assertThat(simulation.advanceToNextExecution()).isEqualTo(6);
    }

    @Test
    void redelivery_ofAWaitingDelivery_isOneImmediateAttempt() {
        receiver.next(500);
        simulation.endScan(/* failure= */ null);
        Delivery delivery = simulation.runNextAttempt(
                simulation.onlyDelivery(hook.webhook()).id());

        // The first attempt has failed, and the user does not wait for the second attempt.
        simulation.deliveries.redeliver(delivery.id());
        simulation.runDue();

        assertThat(simulation.onlyDelivery(hook.webhook()).state()).isEqualTo(DeliveryState.DELIVERED);

        // The time of the regular second attempt passes.
        simulation.advance(Duration.ofHours(1));
        simulation.runDue();
        assertThat(receiver.received()).hasSize(2);
        assertThat(simulation.executions()).isZero();
    }

    @Test
    void redelivery_ofADeletedDelivery_isRefused() {
        assertThatThrownBy(() -> simulation.deliveries.redeliver(UUID.randomUUID()))
                .isInstanceOf(RequestRefusedException.class);
    }

    @Test
    void retryAfter_of429And503_delaysTheNextAttempt() {
        // The header has a number of seconds, and then a time. With the status 500 it has no effect.
        Instant until = simulation.now().plus(Duration.ofMinutes(42));
        receiver.next(429, "Retry-After", "120").next(503, "Retry-After", "Thu, 01 Jan 2026 00:42:00 GMT");
        receiver.next(500, "Retry-After", "100000");
        simulation.endScan(/* failure= */ null);
        Delivery delivery = simulation.runNextAttempt(
                simulation.onlyDelivery(hook.webhook()).id());

        assertThat(delivery.nextAt()).isEqualTo(simulation.now().plusSeconds(120));
        delivery = simulation.runNextAttempt(delivery.id());
        assertThat(delivery.nextAt()).isEqualTo(until);

        delivery = simulation.runNextAttempt(delivery.id());
        assertWait(delivery, Duration.ofMinutes(30));
    }

    @Test
    void receiver_thatDoesNotAnswer_failsTheAttemptAtTheTimeLimit() {
        DeliverySimulation simulationWithShortLimit = new DeliverySimulation(dataSource(), Duration.ofMillis(300));
        Webhooks.WebhookWithSecret slow =
                simulationWithShortLimit.create(DeliverySimulation.OWNER, "{\"url\":\"" + receiver.url() + "\"}");
        receiver.hangNext();
        simulationWithShortLimit.endScan(/* failure= */ null);
        simulationWithShortLimit.runDue();
        Delivery delivery = simulationWithShortLimit.onlyDelivery(slow.webhook());

        assertThat(delivery.error()).isEqualTo("no answer within 0.3 s");
        assertThat(delivery.status()).isNull();
        assertWait(delivery, Duration.ofSeconds(5));
    }

    /** A failed test is not counted, because the alert about lost notices must not fire when a user tests a URL. */
    @Test
    void test_thatFails_isNotCountedAsAnAttempt() {
        receiver.next(500);
        assertThat(simulation.deliveries.ping(hook.webhook()).state()).isEqualTo(DeliveryState.DEAD);
        assertThat(simulation.registry.get("keysweep.webhook.attempts").counters())
                .hasSize(DeliveryState.values().length)
                .allSatisfy(counter -> assertThat(counter.count()).isZero());
    }

    @Test
    void receiver_thatIsUnreachable_isRetried() throws IOException {
        try (Socket reserved = bindWithoutListening()) {
            int port = reserved.getLocalPort();
            Webhooks.WebhookWithSecret unreachable =
                    simulation.create(DeliverySimulation.OWNER, "{\"url\":\"http://127.0.0.1:" + port + "/\"}");
            simulation.endScan(/* failure= */ null);
            simulation.runDue();
            Delivery delivery = simulation.onlyDelivery(unreachable.webhook());

            assertThat(delivery.error()).startsWith("nothing listens at the address");

            try (Receiver lateReceiver = Receiver.start(port)) {
                assertThat(simulation.runNextAttempt(delivery.id()).state()).isEqualTo(DeliveryState.DELIVERED);
                assertThat(lateReceiver.received())
                        .extracting(Receiver.Received::id)
                        .containsExactly(delivery.id().toString());
            }
        }
    }

    @Test
    void attempt_thatIsRepeatedAfterAWorkerDied_isNotMadeTooEarly() {
        receiver.next(500);
        simulation.endScan(/* failure= */ null);
        Delivery delivery = simulation.runNextAttempt(
                simulation.onlyDelivery(hook.webhook()).id());

        // The call returns the time of the second attempt. A redelivery would begin another round, a series of
        // attempts. For another round or an unknown delivery, the call does nothing.
        assertThat(simulation.deliveries.attempt(delivery.id(), /* round= */ 0)).contains(delivery.nextAt());
        assertThat(simulation.deliveries.attempt(delivery.id(), /* round= */ 1)).isEmpty();
        assertThat(simulation.deliveries.attempt(UUID.randomUUID(), /* round= */ 0))
                .isEmpty();
        assertThat(receiver.received()).hasSize(1);
    }

    /** Changes the URL of the webhook in the database, without the checks of the API. */
    private void setUrl(String url) {
        simulation
                .jdbc
                .sql("update webhook set url = :url where id = :id")
                .param("url", url)
                .param("id", hook.webhook().id())
                .update();
    }

    /** Checks that a delivery waits about that long for its next attempt. Waits vary at random by up to a fifth. */
    private void assertWait(Delivery delivery, Duration about) {
        assertThat(delivery.state()).isEqualTo(DeliveryState.PENDING);
        assertThat(Duration.between(simulation.now(), delivery.nextAt()))
                .isBetween(
                        about.multipliedBy(4).dividedBy(5),
                        about.multipliedBy(6).dividedBy(5));
    }

    /**
     * Reserves a port at which nothing listens. A receiver of this test can listen there later, because the socket
     * allows it. No other program can take the port in between.
     */
    private static Socket bindWithoutListening() throws IOException {
        Socket socket = new Socket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return socket;
    }
}
