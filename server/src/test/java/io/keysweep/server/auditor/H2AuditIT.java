package io.keysweep.server.auditor;

import java.util.Map;

/** Runs {@link AuditContract} on an H2 file. */
final class H2AuditIT extends AuditContract {

    @Override
    Map<String, String> variables() {
        return Map.of();
    }
}
