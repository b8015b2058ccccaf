package io.keysweep.server.notify;

import io.keysweep.server.SharedServices;
import io.keysweep.server.TestService;

/** Runs {@link WebhooksContract} on a real PostgreSQL. */
final class PostgresWebhooksIT extends WebhooksContract {

    @Override
    TestService choose(SharedServices services) {
        return services.postgres();
    }
}
