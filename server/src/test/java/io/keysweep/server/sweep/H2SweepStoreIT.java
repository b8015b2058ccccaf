package io.keysweep.server.sweep;

import io.keysweep.server.TestDatabase;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@link SweepStoreContract} on an H2 file. */
class H2SweepStoreIT extends SweepStoreContract {

    @TempDir
    private Path folder;

    @Override
    DataSource dataSource() {
        return TestDatabase.h2(folder);
    }
}
