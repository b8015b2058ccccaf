package io.keysweep.server.notify;

import io.keysweep.server.TestDatabase;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@link DeliveryContract} on an H2 file. */
final class H2DeliveryIT extends DeliveryContract {

    @TempDir
    private Path folder;

    @Override
    DataSource dataSource() {
        return TestDatabase.h2(folder);
    }
}
