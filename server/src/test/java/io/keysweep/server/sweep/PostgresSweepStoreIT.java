package io.keysweep.server.sweep;

import io.keysweep.server.TestDatabase;
import javax.sql.DataSource;

/** Runs {@link SweepStoreContract} on a real PostgreSQL. */
class PostgresSweepStoreIT extends SweepStoreContract {

    @Override
    DataSource dataSource() {
        return TestDatabase.postgres();
    }
}
