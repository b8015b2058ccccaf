package io.keysweep.server.auditor;

import java.util.Map;

/** Runs the tests of the audit log with the H2 database. */
final class H2AuditIT extends AuditContract {

    @Override
    Map<String, String> variables() {
        return Map.of();
    }
}
