package io.keysweep.server.autoscan;

import io.keysweep.server.TestDatabase;
import javax.sql.DataSource;

/** The contract on PostgreSQL. */
class PostgresAutoScanScheduleIT extends AutoScanScheduleContract {

    @Override
    DataSource dataSource() {
        return TestDatabase.postgres();
    }
}
