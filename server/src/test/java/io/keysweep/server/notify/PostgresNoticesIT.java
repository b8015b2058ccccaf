package io.keysweep.server.notify;

import io.keysweep.server.TestDatabase;
import javax.sql.DataSource;

/** Runs the tests of {@link NoticesContract} on a real PostgreSQL. A notice is a message to a webhook. */
final class PostgresNoticesIT extends NoticesContract {

    @Override
    DataSource dataSource() {
        return TestDatabase.postgres();
    }
}
