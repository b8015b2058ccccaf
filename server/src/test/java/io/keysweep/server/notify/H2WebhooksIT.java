package io.keysweep.server.notify;

import java.util.Map;

final class H2WebhooksIT extends WebhooksContract {

    @Override
    Map<String, String> variables() {
        return Map.of();
    }
}
