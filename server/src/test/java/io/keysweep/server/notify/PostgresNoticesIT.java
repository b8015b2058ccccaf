package io.keysweep.server.notify;

import io.keysweep.server.TestDatabase;
import javax.sql.DataSource;

/** Runs {@link NoticesContract} on a real PostgreSQL. */
final class PostgresNoticesIT extends NoticesContract {

    @Override
    DataSource dataSource() {
        return TestDatabase.postgres();
    }
}
