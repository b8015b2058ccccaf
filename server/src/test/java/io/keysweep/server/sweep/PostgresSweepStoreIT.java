package io.keysweep.server.sweep;

import io.keysweep.server.TestDatabase;
import javax.sql.DataSource;

/** Checks the contract on a real PostgreSQL. */
class PostgresSweepStoreIT extends SweepStoreContract {

    @Override
    DataSource dataSource() {
        return TestDatabase.postgres();
    }
}
