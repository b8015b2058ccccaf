package io.keysweep.server.scan;

import io.keysweep.server.TestDatabase;
import javax.sql.DataSource;

/** Checks the contract on a real PostgreSQL. */
class PostgresScanStoreIT extends ScanStoreContract {

    @Override
    DataSource dataSource() {
        return TestDatabase.postgres();
    }
}
