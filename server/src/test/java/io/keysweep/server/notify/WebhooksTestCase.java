package io.keysweep.server.notify;

import io.keysweep.server.TestService;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.TestInstance;

/** Provides a complete service, and a real receiver for its notices. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // use() sets the fields before the first test.
abstract class WebhooksTestCase {

    @AutoClose
    final Receiver receiver = Receiver.start();

    TestService service;

    /** Creates and reads webhooks of {@link #service}. */
    WebhookRequests hooks;

    /** Sets the service of the tests. */
    void use(TestService serviceToUse) {
        service = serviceToUse;
        hooks = new WebhookRequests(serviceToUse, receiver);
    }
}
