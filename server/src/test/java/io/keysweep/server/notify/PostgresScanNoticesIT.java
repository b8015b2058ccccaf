package io.keysweep.server.notify;

import io.keysweep.server.TestDatabase;
import java.util.Map;

/** Runs the tests of notices about scans with PostgreSQL. */
final class PostgresScanNoticesIT extends ScanNoticesContract {

    @Override
    Map<String, String> variables() throws Exception {
        return Map.of("KEYSWEEP_DATABASE_URL", TestDatabase.postgresUrl());
    }
}
