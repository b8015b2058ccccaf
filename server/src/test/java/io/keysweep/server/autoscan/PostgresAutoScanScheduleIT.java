package io.keysweep.server.autoscan;

import io.keysweep.server.TestDatabase;
import javax.sql.DataSource;

/** Runs {@link AutoScanScheduleContract} on a real PostgreSQL. */
class PostgresAutoScanScheduleIT extends AutoScanScheduleContract {

    @Override
    DataSource dataSource() {
        return TestDatabase.postgres();
    }
}
