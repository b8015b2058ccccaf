package io.keysweep.server.auditor;

import java.util.Map;

final class H2AuditIT extends AuditContract {

    @Override
    Map<String, String> variables() {
        return Map.of();
    }
}
