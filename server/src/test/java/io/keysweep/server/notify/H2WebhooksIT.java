package io.keysweep.server.notify;

import io.keysweep.server.SharedServices;
import io.keysweep.server.TestService;

/** Runs {@link WebhooksContract} on an H2 file. */
final class H2WebhooksIT extends WebhooksContract {

    @Override
    TestService choose(SharedServices services) {
        return services.h2();
    }
}
