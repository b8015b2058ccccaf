package io.keysweep.server.notify;

import io.keysweep.server.TestService;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.TestInstance;

/** Gives the tests of a class one whole service, and one real receiver for its notices. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // use() sets the fields before the first test.
abstract class WebhooksTestCase {

    @AutoClose
    final Receiver receiver = Receiver.start();

    TestService service;
    WebhookRequests hooks;

    /** Sets the service of all tests. */
    void use(TestService chosen) {
        service = chosen;
        hooks = new WebhookRequests(chosen, receiver);
    }
}
