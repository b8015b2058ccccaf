package io.keysweep.server.notify;

import io.keysweep.server.SharedServices;
import io.keysweep.server.TestService;

/** Runs the tests of webhooks with the H2 database. */
final class H2WebhooksIT extends WebhooksContract {

    @Override
    TestService choose(SharedServices services) {
        return services.h2();
    }
}
