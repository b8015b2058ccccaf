package io.keysweep.server.notify;

import io.keysweep.server.TestDatabase;
import javax.sql.DataSource;

/** Runs {@link DeliveryContract} on a real PostgreSQL. */
final class PostgresDeliveryIT extends DeliveryContract {

    @Override
    DataSource dataSource() {
        return TestDatabase.postgres();
    }
}
