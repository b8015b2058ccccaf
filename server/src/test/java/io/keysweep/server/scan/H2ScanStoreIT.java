package io.keysweep.server.scan;

import io.keysweep.server.TestDatabase;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@link ScanStoreContract} on an H2 file. */
class H2ScanStoreIT extends ScanStoreContract {

    @TempDir
    private Path folder;

    @Override
    DataSource dataSource() {
        return TestDatabase.h2(folder);
    }
}
