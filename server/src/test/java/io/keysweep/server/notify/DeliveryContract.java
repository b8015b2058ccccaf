package io.keysweep.server.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.autoscan.ThresholdPassed;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.notify.Delivery.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What becomes of notices, on every database, against a real receiver and in owned time. */
abstract class DeliveryContract {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @AutoClose
    private final Receiver receiver = Receiver.start();

    private DeliverySimulation stage;
    private Webhooks.Signed hook;

    abstract DataSource dataSource();

    @BeforeEach
    void open() {
        stage = new DeliverySimulation(dataSource(), PATIENCE);
        hook = stage.webhook(DeliverySimulation.OWNER, "{\"url\":\"" + receiver.url() + "\"}");
    }

    @Test
    void notice_ofAScansEnd_isDeliveredSigned() {
        stage.end("Timed out");
        stage.run();
        Receiver.Received received = receiver.received().getFirst();
        assertThat(received.method()).isEqualTo("POST");
        assertThat(received.signedBy(hook.secret().text())).isTrue();
        assertThat(received.signedBy(WebhookSecret.generate().text())).isFalse();
        assertThat(received.timestamp()).isEqualTo(String.valueOf(stage.now().getEpochSecond()));
        assertThat(received.type()).isEqualTo("scan.failed");
        assertThat(received.json().get("timestamp").asString())
                .isEqualTo(stage.now().toString());
        JsonNode data = received.json().get("data");
        assertThat(data.propertyNames())
                .containsExactly(
                        "projectId", "instanceId", "instanceName", "scanId", "scanType", "num", "exact", "failure");
        assertThat(data.get("instanceName").asString()).isEqualTo("orders");
        assertThat(data.get("failure").asString()).isEqualTo("Timed out");
        Delivery delivery = stage.only(hook.webhook());
        assertThat(delivery.id()).hasToString(received.id());
        assertThat(delivery.state()).isEqualTo(State.DELIVERED);
        assertThat(delivery.status()).isEqualTo(204);
        assertThat(delivery.error()).isNull();
        assertThat(stage.executions()).isZero();
    }

    @Test
    void notice_ofWhatIsRolledBack_isNeverWritten() {
        stage.transaction.executeWithoutResult(status -> {
            stage.notices.tell(stage.ended(null));
            assertThat(stage.only(hook.webhook()).state()).isEqualTo(State.PENDING);
            status.setRollbackOnly();
        });
        stage.run();
        assertThat(stage.deliveryStore.list(hook.webhook().id(), null, 0, 10)).isEmpty();
        assertThat(stage.executions()).isZero();
        assertThat(receiver.received()).isEmpty();
    }

    @Test
    void webhook_isToldWhatItAskedFor_ofItsOwnProject() {
        Webhooks.Signed failures = stage.webhook(
                DeliverySimulation.OWNER, "{\"url\":\"" + receiver.url() + "\",\"events\":[\"scan.failed\"]}");
        Webhooks.Signed foreign =
                stage.webhook(new Caller("X", "q", Set.of("*")), "{\"url\":\"" + receiver.url() + "\"}");
        Webhooks.Signed disabled =
                stage.webhook(DeliverySimulation.OWNER, "{\"url\":\"" + receiver.url() + "\",\"enabled\":false}");
        stage.end(null);
        stage.run();
        assertThat(receiver.received()).extracting(Receiver.Received::type).containsExactly("scan.finished");
        stage.end("why");
        assertThat(stage.only(failures.webhook()).type()).isEqualTo("scan.failed");
        for (Webhooks.Signed deaf : List.of(foreign, disabled)) {
            assertThat(stage.deliveryStore.list(deaf.webhook().id(), null, 0, 10))
                    .isEmpty();
        }
    }

    @Test
    void notice_ofAThreshold_saysWhatPassedIt() {
        UUID scanId = UUID.randomUUID();
        stage.transaction.executeWithoutResult(status -> stage.notices.tell(new ThresholdPassed(
                stage.instanceId, stage.now(), "memory", "started", "used memory is 95 % of the limit", scanId)));
        stage.run();
        JsonNode notice = receiver.received().getFirst().json();
        assertThat(notice.get("type").asString()).isEqualTo("threshold.passed");
        assertThat(notice.get("data").propertyNames())
                .containsExactly("projectId", "instanceId", "instanceName", "scanId", "cause", "outcome", "reason");
        assertThat(notice.get("data").get("scanId").asString()).isEqualTo(scanId.toString());
    }

    @Test
    void delivery_thatFails_isTriedAgainUnderItsId_untilItIsTaken() {
        receiver.next(500, 404).next(302, "Location", receiver.url());
        stage.end(null);
        Delivery delivery = stage.runNext(stage.only(hook.webhook()).id());
        assertThat(delivery.error()).isEqualTo("HTTP status 500");
        assertWait(delivery, Duration.ofSeconds(5));
        stage.run();
        assertThat(receiver.received()).hasSize(1);

        delivery = stage.runNext(delivery.id());
        assertThat(delivery.error()).isEqualTo("HTTP status 404");
        assertWait(delivery, Duration.ofMinutes(5));
        delivery = stage.runNext(delivery.id());
        assertThat(delivery.error()).isEqualTo("redirects are not followed");
        assertThat(delivery.status()).isEqualTo(302);
        delivery = stage.runNext(delivery.id());
        assertThat(delivery.state()).isEqualTo(State.DELIVERED);
        assertThat(delivery.attempts()).isEqualTo(4);

        assertThat(receiver.received()).hasSize(4);
        assertThat(receiver.received())
                .extracting(Receiver.Received::id)
                .containsOnly(delivery.id().toString());
        assertThat(receiver.received()).extracting(Receiver.Received::body).containsOnly(delivery.body());
        assertThat(receiver.received())
                .allMatch(received -> received.signedBy(hook.secret().text()));
        assertThat(receiver.received().getLast().timestamp())
                .isEqualTo(String.valueOf(stage.now().getEpochSecond()));
    }

    @Test
    void delivery_thatAlwaysFails_isGivenUp_andCanBeRedelivered() {
        receiver.next(500, 500, 500, 500, 500, 500, 500);
        stage.end(null);
        Delivery delivery = stage.only(hook.webhook());
        for (int i = 0; i < Backoff.ATTEMPTS; i++) {
            assertThat(delivery.state()).isEqualTo(State.PENDING);
            delivery = stage.runNext(delivery.id());
        }
        assertThat(delivery.state()).isEqualTo(State.DEAD);
        assertThat(delivery.nextAt()).isNull();
        assertThat(delivery.finishedAt()).isEqualTo(stage.now());
        assertThat(Duration.between(DeliverySimulation.START, stage.now()))
                .isBetween(Duration.ofHours(14), Duration.ofHours(22));
        assertThat(stage.deliveryStore.list(hook.webhook().id(), State.DEAD, 0, 10))
                .containsExactly(delivery);
        assertThat(stage.executions()).isZero();

        Delivery again = stage.deliveries.redeliver(delivery.id());
        assertThat(again.state()).isEqualTo(State.PENDING);
        assertThat(stage.runNext(delivery.id()).state()).isEqualTo(State.DELIVERED);
        assertThat(receiver.received())
                .extracting(Receiver.Received::id)
                .containsOnly(delivery.id().toString());
    }

    @Test
    void delivery_redeliveredWhileItWaits_isTriedAtOnce_andNotTwice() {
        receiver.next(500);
        stage.end(null);
        Delivery delivery = stage.runNext(stage.only(hook.webhook()).id());
        stage.deliveries.redeliver(delivery.id());
        stage.run();
        assertThat(stage.only(hook.webhook()).state()).isEqualTo(State.DELIVERED);
        stage.advance(Duration.ofHours(1));
        stage.run();
        assertThat(receiver.received()).hasSize(2);
        assertThat(stage.executions()).isZero();
    }

    @Test
    void receiver_thatIsGone_disablesTheWebhook() {
        receiver.next(410);
        stage.end(null);
        stage.run();
        assertThat(stage.only(hook.webhook()).state()).isEqualTo(State.DEAD);
        Webhook disabled = stage.webhookStore.find(hook.webhook().id()).orElseThrow();
        assertThat(disabled.terms().enabled()).isFalse();
        assertThat(disabled.disabledWhy()).contains("410");
        stage.end(null);
        assertThat(stage.deliveryStore.list(disabled.id(), null, 0, 10)).hasSize(1);
        Webhook enabled = stage.webhooks.update(
                disabled,
                new WebhookSettings(
                        disabled.terms().url(),
                        disabled.terms().events(),
                        disabled.terms().heldLongerThan(),
                        /* enabled= */ true),
                null);
        assertThat(enabled.disabledWhy()).isNull();
    }

    @Test
    void webhook_disabledMeanwhile_isAskedNothingMore() {
        receiver.next(500);
        stage.end(null);
        Delivery delivery = stage.runNext(stage.only(hook.webhook()).id());
        stage.webhookStore.disable(hook.webhook().id(), "by the test");
        delivery = stage.runNext(delivery.id());
        assertThat(delivery.state()).isEqualTo(State.DEAD);
        assertThat(delivery.error()).isEqualTo("the webhook is disabled");
        assertThat(receiver.received()).hasSize(1);
    }

    @Test
    void receiver_thatWantsToBeLeftAlone_is() {
        Instant until = stage.now().plus(Duration.ofMinutes(42));
        receiver.next(429, "Retry-After", "120").next(503, "Retry-After", "Thu, 01 Jan 2026 00:42:00 GMT");
        receiver.next(500, "Retry-After", "100000");
        stage.end(null);
        Delivery delivery = stage.runNext(stage.only(hook.webhook()).id());
        assertThat(delivery.nextAt()).isEqualTo(stage.now().plusSeconds(120));
        delivery = stage.runNext(delivery.id());
        assertThat(delivery.nextAt()).isEqualTo(until);
        delivery = stage.runNext(delivery.id());
        assertWait(delivery, Duration.ofMinutes(30));
    }

    @Test
    void receiver_thatDoesNotAnswer_isNotWaitedForLong() {
        DeliverySimulation impatient = new DeliverySimulation(dataSource(), Duration.ofMillis(300));
        Webhooks.Signed slow = impatient.webhook(DeliverySimulation.OWNER, "{\"url\":\"" + receiver.url() + "\"}");
        receiver.hangNext();
        impatient.end(null);
        impatient.run();
        Delivery delivery = impatient.only(slow.webhook());
        assertThat(delivery.error()).isEqualTo("no answer within 0.3 s");
        assertThat(delivery.status()).isNull();
        assertWait(delivery, Duration.ofSeconds(5));
    }

    @Test
    void receiver_thatIsAway_isTriedAgain() {
        int port = freePort();
        Webhooks.Signed away = stage.webhook(DeliverySimulation.OWNER, "{\"url\":\"http://127.0.0.1:" + port + "/\"}");
        stage.end(null);
        stage.run();
        Delivery delivery = stage.only(away.webhook());
        assertThat(delivery.error()).startsWith("nothing listens there");
        try (Receiver back = Receiver.start(port)) {
            assertThat(stage.runNext(delivery.id()).state()).isEqualTo(State.DELIVERED);
            assertThat(back.received())
                    .extracting(Receiver.Received::id)
                    .containsExactly(delivery.id().toString());
        }
    }

    @Test
    void secret_rotated_signsTogetherWithTheOneBefore_forADay() {
        WebhookSecret fresh = stage.webhooks.rotate(hook.webhook()).secret();
        stage.end(null);
        stage.run();
        Receiver.Received both = receiver.received().getFirst();
        assertThat(both.signatures()).hasSize(2);
        assertThat(both.signedBy(fresh.text())).isTrue();
        assertThat(both.signedBy(hook.secret().text())).isTrue();
        stage.advance(Webhooks.OLD_SECRET);
        stage.end(null);
        stage.run();
        Receiver.Received one = receiver.received().getLast();
        assertThat(one.signatures()).hasSize(1);
        assertThat(one.signedBy(fresh.text())).isTrue();
    }

    @Test
    void attempt_afterAWorkerDiedBehindIt_isNotMadeTooEarly() {
        receiver.next(500);
        stage.end(null);
        Delivery delivery = stage.runNext(stage.only(hook.webhook()).id());
        assertThat(stage.deliveries.attempt(delivery.id(), 0)).contains(delivery.nextAt());
        assertThat(stage.deliveries.attempt(delivery.id(), 1)).isEmpty();
        assertThat(stage.deliveries.attempt(UUID.randomUUID(), 0)).isEmpty();
        assertThat(receiver.received()).hasSize(1);
    }

    @Test
    void webhook_removed_takesItsDeliveriesWithIt() {
        stage.end(null);
        stage.webhooks.remove(hook.webhook());
        stage.run();
        assertThat(receiver.received()).isEmpty();
        assertThat(stage.executions()).isZero();
    }

    @Test
    void notice_withTheLongestTexts_fits() {
        String longest = "\u0001".repeat(1000);
        stage.transaction.executeWithoutResult(status -> stage.notices.tell(stage.ended(longest)));
        stage.run();
        assertThat(receiver.received().getFirst().json().at("/data/failure").asString())
                .isEqualTo(longest);
    }

    private void assertWait(Delivery delivery, Duration about) {
        assertThat(delivery.state()).isEqualTo(State.PENDING);
        assertThat(Duration.between(stage.now(), delivery.nextAt()))
                .isBetween(
                        about.multipliedBy(4).dividedBy(5),
                        about.multipliedBy(6).dividedBy(5));
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
