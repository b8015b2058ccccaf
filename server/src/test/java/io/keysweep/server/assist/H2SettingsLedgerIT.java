package io.keysweep.server.assist;

import io.keysweep.server.TestDatabase;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@link SettingsLedgerContract} on an H2 file. */
class H2SettingsLedgerIT extends SettingsLedgerContract {

    @TempDir
    private Path folder;

    @Override
    DataSource dataSource() {
        return TestDatabase.h2(folder);
    }
}
