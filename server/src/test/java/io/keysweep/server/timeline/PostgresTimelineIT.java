package io.keysweep.server.timeline;

import io.keysweep.server.TestDatabase;
import javax.sql.DataSource;

/** Runs {@link TimelineContract} on a real PostgreSQL. */
class PostgresTimelineIT extends TimelineContract {

    @Override
    DataSource dataSource() {
        return TestDatabase.postgres();
    }

    @Override
    String sessionsThatWait() {
        return TestDatabase.POSTGRES_SESSIONS_THAT_WAIT;
    }
}
