package io.keysweep.server.auditor;

import io.keysweep.server.TestDatabase;
import java.util.Map;

/** Runs {@link AuditContract} on a real PostgreSQL. */
final class PostgresAuditIT extends AuditContract {

    @Override
    Map<String, String> variables() throws Exception {
        return Map.of("KEYSWEEP_DATABASE_URL", TestDatabase.postgresUrl());
    }
}
