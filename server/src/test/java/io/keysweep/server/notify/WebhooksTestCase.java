package io.keysweep.server.notify;

import io.keysweep.server.TestService;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Gives the tests of a class one whole service, and one real receiver for its notices. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class WebhooksTestCase {

    @AutoClose
    final Receiver receiver = Receiver.start();

    TestService service;
    WebhookRequests hooks;

    /** Returns environment variables that choose the database of the service. */
    abstract Map<String, String> variables() throws Exception;

    @BeforeAll
    void startService(@TempDir Path home) throws Exception {
        service = TestService.start(home, variables());
        hooks = new WebhookRequests(service, receiver);
    }

    @AfterAll
    void stopService() {
        service.close();
    }
}
