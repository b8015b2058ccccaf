package io.keysweep.server.assist;

import io.keysweep.server.TestDatabase;
import javax.sql.DataSource;

/** Checks the contract on a real PostgreSQL. */
class PostgresSettingsLedgerIT extends SettingsLedgerContract {

    @Override
    DataSource dataSource() {
        return TestDatabase.postgres();
    }
}
