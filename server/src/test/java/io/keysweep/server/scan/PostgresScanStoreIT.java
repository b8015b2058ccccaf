package io.keysweep.server.scan;

import io.keysweep.server.TestDatabase;
import javax.sql.DataSource;

/** Runs {@link ScanStoreContract} on a real PostgreSQL. */
class PostgresScanStoreIT extends ScanStoreContract {

    @Override
    DataSource dataSource() {
        return TestDatabase.postgres();
    }
}
