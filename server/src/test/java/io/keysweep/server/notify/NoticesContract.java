package io.keysweep.server.notify;

import static io.keysweep.testkit.Waits.await;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.api.Notice;
import io.keysweep.engine.insight.KeyCount;
import io.keysweep.server.autoscan.ThresholdPassed;
import io.keysweep.server.cliff.Cliff;
import io.keysweep.server.cliff.CliffAhead;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.notify.Delivery.DeliveryState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Tests which webhooks receive a notice (a message about an event), and its data and signatures.
 *
 * <p>The base class provides {@code simulation}, whose clock the test moves, and {@code hook}, a webhook that sends all
 * events to {@code receiver}.
 */
abstract class NoticesContract extends DeliveryTestCase {

    @Test
    void endOfAScan_isDeliveredWithItsDataAndASignature() {
        // The request is signed, and its timestamp is the time of the event.
        simulation.endScan("Timed out");
        simulation.runDue();
        Receiver.Received received = receiver.received().getFirst();

        assertThat(received.method()).isEqualTo("POST");
        assertThat(received.signedBy(requireNonNull(hook.secret()).text())).isTrue();
        assertThat(received.signedBy(WebhookSecret.generate().text())).isFalse();
        assertThat(received.timestamp())
                .isEqualTo(String.valueOf(simulation.now().getEpochSecond()));
        assertThat(received.type()).isEqualTo("scan.failed");
        assertThat(received.json().get("timestamp").asString())
                .isEqualTo(simulation.now().toString());

        // The body contains the data of the event.
        JsonNode data = received.json().get("data");
        assertThat(data.propertyNames())
                .containsExactly(
                        "projectId",
                        "instanceId",
                        "instanceName",
                        "scanId",
                        "scanType",
                        "ending",
                        "num",
                        "exact",
                        "failure");
        assertThat(data.get("instanceName").asString()).isEqualTo("orders");
        assertThat(data.get("ending").asString()).isEqualTo("failed");
        assertThat(data.get("failure").asString()).isEqualTo("Timed out");

        // The delivery is stored as delivered.
        Delivery delivery = simulation.onlyDelivery(hook.webhook());
        assertThat(delivery.id()).hasToString(received.id());
        assertThat(delivery.state()).isEqualTo(DeliveryState.DELIVERED);
        assertThat(delivery.status()).isEqualTo(204);
        assertThat(delivery.error()).isNull();
        assertThat(simulation.executions()).isZero();
    }

    @Test
    void endOfAScan_thatIsRolledBack_leavesNoNotice() {
        simulation.transaction.executeWithoutResult(status -> {
            simulation.notices.onScanEnded(simulation.scanEnded(/* failure= */ null));
            assertThat(simulation.onlyDelivery(hook.webhook()).state()).isEqualTo(DeliveryState.PENDING);
            status.setRollbackOnly();
        });
        simulation.runDue();

        assertThat(simulation.deliveryStore.list(
                        hook.webhook().id(), /* state= */ null, /* offset= */ 0, /* limit= */ 10))
                .isEmpty();
        assertThat(simulation.executions()).isZero();
        assertThat(receiver.received()).isEmpty();
    }

    /**
     * The transaction that removes a webhook begins after the event has read which webhooks receive it. It commits
     * while the event adds deliveries.
     */
    @Test
    void event_thatIsStoredWhileAWebhookIsRemoved_isDeliveredToTheOthersOnly() throws Exception {
        Webhook keptWebhook = simulation
                .create(DeliverySimulation.OWNER, "{\"url\":\"" + receiver.url() + "\"}")
                .webhook();
        List<UUID> audience = List.of(hook.webhook().id(), keptWebhook.id());
        CountDownLatch removalIsUncommitted = new CountDownLatch(1);
        CountDownLatch additionBegins = new CountDownLatch(1);

        try (ExecutorService otherUser = Executors.newSingleThreadExecutor()) {
            Future<?> removal = otherUser.submit(() -> simulation.transaction.executeWithoutResult(status -> {
                simulation.webhookStore.remove(hook.webhook().id());
                removalIsUncommitted.countDown();
                awaitLatch(additionBegins);
            }));
            awaitLatch(removalIsUncommitted);

            // The event still knows both webhooks, and adds a delivery for the second webhook only.
            additionBegins.countDown();
            simulation.transaction.executeWithoutResult(status -> assertThat(simulation.outbox.add(
                            audience,
                            NoticeType.SCAN_FINISHED,
                            simulation.now(),
                            Notice.Data.ofProject(hook.webhook().projectId())))
                    .containsExactly(keptWebhook.id()));
            removal.get();
        }

        assertThat(simulation.onlyDelivery(keptWebhook).type()).isEqualTo("scan.finished");
        assertThat(simulation.executions()).isEqualTo(1);
    }

    @Test
    void webhook_receivesOnlyItsEvents_ofItsOwnProject() {
        Webhooks.WebhookWithSecret forFailures = simulation.create(
                DeliverySimulation.OWNER, "{\"url\":\"" + receiver.url() + "\",\"events\":[\"scan.failed\"]}");
        Webhooks.WebhookWithSecret ofOtherProject =
                simulation.create(new Caller("X", "q", Set.of("*")), "{\"url\":\"" + receiver.url() + "\"}");
        Webhooks.WebhookWithSecret disabled =
                simulation.create(DeliverySimulation.OWNER, "{\"url\":\"" + receiver.url() + "\",\"enabled\":false}");

        // A success is delivered only to the webhook for all events.
        simulation.endScan(/* failure= */ null);
        simulation.runDue();

        assertThat(receiver.received()).extracting(Receiver.Received::type).containsExactly("scan.finished");

        // A failure is also delivered to the webhook for failures.
        simulation.endScan("why");
        assertThat(simulation.onlyDelivery(forFailures.webhook()).type()).isEqualTo("scan.failed");

        // The webhook of the other project and the disabled one get nothing.
        for (Webhooks.WebhookWithSecret unsubscribed : List.of(ofOtherProject, disabled)) {
            assertThat(simulation.deliveryStore.list(
                            unsubscribed.webhook().id(), /* state= */ null, /* offset= */ 0, /* limit= */ 10))
                    .isEmpty();
        }
    }

    /** A list of names would leave out the events that later versions add. */
    @Test
    void webhookForAllEvents_isStoredWithoutAList() {
        assertThat(events(hook.webhook())).isEqualTo("*");
        assertThat(simulation
                        .webhookStore
                        .find(hook.webhook().id())
                        .orElseThrow()
                        .settings())
                .isEqualTo(hook.webhook().settings());

        Webhook forTwoEvents = simulation
                .create(
                        DeliverySimulation.OWNER,
                        "{\"url\":\"" + receiver.url() + "\",\"events\":[\"scan.held\",\"scan.failed\"]}")
                .webhook();
        assertThat(events(forTwoEvents)).isEqualTo("scan.failed scan.held");

        // A client that changes another setting sends the complete list back.
        simulation.webhooks.update(forTwoEvents, hook.webhook().settings(), /* expected= */ null);
        assertThat(events(forTwoEvents)).isEqualTo("*");
    }

    @Test
    void thresholdThatIsReached_isDeliveredWithCauseAndOutcome() {
        UUID scanId = UUID.randomUUID();
        simulation.transaction.executeWithoutResult(status -> simulation.notices.onThresholdPassed(new ThresholdPassed(
                simulation.instanceId,
                simulation.now(),
                "memory",
                "started",
                "used memory is 95 % of the limit",
                scanId)));
        simulation.runDue();
        JsonNode notice = receiver.received().getFirst().json();

        assertThat(notice.get("type").asString()).isEqualTo("threshold.passed");
        assertThat(notice.get("data").propertyNames())
                .containsExactly("projectId", "instanceId", "instanceName", "scanId", "cause", "outcome", "reason");
        assertThat(notice.get("data").get("scanId").asString()).isEqualTo(scanId.toString());
    }

    @Test
    void cliffOfAForecast_isDeliveredWithItsNumbers() {
        Instant from = simulation.now().plus(Duration.ofHours(2));
        Instant until = from.plus(Duration.ofMinutes(10));
        simulation.transaction.executeWithoutResult(status -> simulation.notices.onCliffAhead(new CliffAhead(
                simulation.instanceId,
                simulation.now(),
                new Cliff(
                        from,
                        until,
                        new KeyCount(/* keys= */ 1_900_000, /* lowest= */ 1_800_000, /* highest= */ 2_000_000),
                        /* backlog= */ 700_000,
                        /* backlogBytes= */ null,
                        /* proposedStart= */ until))));
        simulation.runDue();

        JsonNode notice = receiver.received().getFirst().json();
        assertThat(notice.get("type").asString()).isEqualTo("cliff.ahead");
        assertThat(notice.get("data").propertyNames())
                .containsExactly("projectId", "instanceId", "instanceName", "cliff");

        JsonNode cliff = notice.at("/data/cliff");
        assertThat(cliff.propertyNames())
                .containsExactly("from", "until", "keys", "lowest", "highest", "backlog", "proposedStart");
        assertThat(cliff.get("from").asString()).isEqualTo(from.toString());
        assertThat(cliff.get("keys").asLong()).isEqualTo(1_900_000);
        assertThat(cliff.get("backlog").asLong()).isEqualTo(700_000);
        assertThat(cliff.get("proposedStart").asString()).isEqualTo(until.toString());
    }

    @Test
    void rotatedSecret_forADay_signsTogetherWithTheOldOne() {
        WebhookSecret newSecret =
                requireNonNull(simulation.webhooks.rotate(hook.webhook()).secret());
        simulation.endScan(/* failure= */ null);
        simulation.runDue();
        Receiver.Received withTwoSignatures = receiver.received().getFirst();

        assertThat(withTwoSignatures.signatures()).hasSize(2);
        assertThat(withTwoSignatures.signedBy(newSecret.text())).isTrue();
        assertThat(withTwoSignatures.signedBy(requireNonNull(hook.secret()).text()))
                .isTrue();

        // After a day, only the new secret signs.
        simulation.advance(Webhooks.OLD_SECRET_VALIDITY);
        simulation.endScan(/* failure= */ null);
        simulation.runDue();
        Receiver.Received withOneSignature = receiver.received().getLast();

        assertThat(withOneSignature.signatures()).hasSize(1);
        assertThat(withOneSignature.signedBy(newSecret.text())).isTrue();
    }

    @Test
    void failure_of1000ControlCharacters_isDeliveredCompletely() {
        String failure = "\u0001".repeat(1_000);
        simulation.transaction.executeWithoutResult(
                status -> simulation.notices.onScanEnded(simulation.scanEnded(failure)));
        simulation.runDue();

        assertThat(receiver.received().getFirst().json().at("/data/failure").asString())
                .isEqualTo(failure);
    }

    private static void awaitLatch(CountDownLatch latch) {
        await("the other transaction continues").until(() -> latch.getCount() == 0);
    }

    /** Returns the events of a webhook as they are stored. */
    private String events(Webhook webhook) {
        return simulation
                .jdbc
                .sql("select events from webhook where id = :id")
                .param("id", webhook.id())
                .query(String.class)
                .single();
    }
}
