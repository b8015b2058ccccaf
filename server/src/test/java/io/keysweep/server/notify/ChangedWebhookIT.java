package io.keysweep.server.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestDatabase;
import io.keysweep.server.notify.Delivery.DeliveryState;
import java.net.URI;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests what happens to deliveries whose webhook is disabled, changed or removed before they end.
 *
 * <p>The base class provides {@code simulation}, whose clock the test moves, and {@code hook}, a webhook that sends all
 * events to {@code receiver}.
 */
@ParameterizedClass
@ValueSource(strings = {"h2", "postgresql"})
class ChangedWebhookIT extends DeliveryTestCase {

    private final String dialect;

    @TempDir
    private Path folder;

    ChangedWebhookIT(String dialect) {
        this.dialect = dialect;
    }

    @Override
    DataSource dataSource() {
        return TestDatabase.create(dialect, folder);
    }

    @Test
    void receiver_thatAnswers410_disablesTheWebhook() {
        receiver.next(410);
        simulation.endScan(/* failure= */ null);
        simulation.runDue();

        assertThat(simulation.onlyDelivery(hook.webhook()).state()).isEqualTo(DeliveryState.DEAD);

        // The webhook says why it is disabled.
        Webhook disabled = simulation.webhookStore.find(hook.webhook().id()).orElseThrow();
        assertThat(disabled.settings().enabled()).isFalse();
        assertThat(disabled.disabledReason()).contains("410");

        // The next event adds no delivery.
        simulation.endScan(/* failure= */ null);
        assertThat(simulation.deliveryStore.list(disabled.id(), /* state= */ null, /* offset= */ 0, /* limit= */ 10))
                .hasSize(1);

        // If a user enables the webhook again, the reason is removed.
        Webhook enabled = simulation.webhooks.update(
                disabled,
                new WebhookSettings(
                        disabled.settings().url(),
                        disabled.settings().events(),
                        disabled.settings().heldThreshold(),
                        /* enabled= */ true),
                /* expected= */ null);
        assertThat(enabled.disabledReason()).isNull();
    }

    @Test
    void webhook_changedBeforeItsOldUrlAnswers410_isNotDisabled() {
        try (Receiver successor = Receiver.start()) {
            // While the old URL prepares its answer, a user changes the URL.
            Webhook before = hook.webhook();
            receiver.next(410)
                    .beforeNextAnswer(() -> simulation.webhooks.update(
                            before,
                            new WebhookSettings(
                                    URI.create(successor.url()),
                                    before.settings().events(),
                                    before.settings().heldThreshold(),
                                    /* enabled= */ true),
                            /* expected= */ null));
            simulation.endScan(/* failure= */ null);
            simulation.runDue();

            assertThat(simulation.onlyDelivery(before).state()).isEqualTo(DeliveryState.DEAD);

            Webhook changedWebhook = simulation.webhookStore.find(before.id()).orElseThrow();
            assertThat(changedWebhook.settings().enabled()).isTrue();
            assertThat(changedWebhook.disabledReason()).isNull();

            // The next notice goes to the new URL.
            simulation.endScan(/* failure= */ null);
            simulation.runDue();
            assertThat(successor.received()).hasSize(1);
        }
    }

    @Test
    void webhook_disabledBetweenAttempts_receivesNoMoreRequests() {
        receiver.next(500);
        simulation.endScan(/* failure= */ null);
        Delivery delivery = simulation.runNextAttempt(
                simulation.onlyDelivery(hook.webhook()).id());

        simulation.webhookStore.disable(hook.webhook(), "by the test");
        delivery = simulation.runNextAttempt(delivery.id());

        assertThat(delivery.state()).isEqualTo(DeliveryState.DEAD);
        assertThat(delivery.error()).isEqualTo("the webhook is disabled");
        assertThat(receiver.received()).hasSize(1);
    }

    @Test
    void removal_ofAWebhook_deletesItsDeliveries() {
        simulation.endScan(/* failure= */ null);

        simulation.webhooks.remove(hook.webhook());
        simulation.runDue();

        assertThat(receiver.received()).isEmpty();
        assertThat(simulation.executions()).isZero();
    }
}
