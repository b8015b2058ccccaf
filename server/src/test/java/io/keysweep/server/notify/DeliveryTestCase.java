package io.keysweep.server.notify;

import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;

/** Gives each test a real receiver, and a simulation in which a webhook sends all events to that receiver. */
abstract class DeliveryTestCase {

    /** The time limit of an attempt, far longer than any answer takes, so that no attempt fails on a busy machine. */
    private static final Duration TIME_LIMIT = Duration.ofMinutes(3);

    @AutoClose
    final Receiver receiver = Receiver.start();

    DeliverySimulation simulation;

    /** A webhook for all events, which sends its notices to {@link #receiver}. */
    Webhooks.WebhookWithSecret hook;

    /** Returns an empty database with the current schema. */
    abstract DataSource dataSource();

    @BeforeEach
    void createWebhook() {
        simulation = new DeliverySimulation(dataSource(), TIME_LIMIT);
        hook = simulation.create(DeliverySimulation.OWNER, "{\"url\":\"" + receiver.url() + "\"}");
    }
}
