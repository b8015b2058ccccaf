package io.keysweep.server.autoscan;

import io.keysweep.server.TestDatabase;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@link AutoScanScheduleContract} on an H2 file. */
class H2AutoScanScheduleIT extends AutoScanScheduleContract {

    @TempDir
    private Path folder;

    @Override
    DataSource dataSource() {
        return TestDatabase.h2(folder);
    }
}
