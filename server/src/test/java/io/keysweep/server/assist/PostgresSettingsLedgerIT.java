package io.keysweep.server.assist;

import io.keysweep.server.TestDatabase;
import javax.sql.DataSource;

/** Runs {@link SettingsLedgerContract} on a real PostgreSQL. */
class PostgresSettingsLedgerIT extends SettingsLedgerContract {

    @Override
    DataSource dataSource() {
        return TestDatabase.postgres();
    }
}
