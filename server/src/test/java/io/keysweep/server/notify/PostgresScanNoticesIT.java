package io.keysweep.server.notify;

import io.keysweep.server.TestDatabase;
import java.util.Map;

/** Runs {@link ScanNoticesContract} on a real PostgreSQL. */
final class PostgresScanNoticesIT extends ScanNoticesContract {

    @Override
    Map<String, String> variables() throws Exception {
        return Map.of("KEYSWEEP_DATABASE_URL", TestDatabase.postgresUrl());
    }
}
