package io.keysweep.server.timeline;

import io.keysweep.server.TestDatabase;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@link TimelineContract} on an H2 file. */
class H2TimelineIT extends TimelineContract {

    @TempDir
    private Path folder;

    @Override
    DataSource dataSource() {
        return TestDatabase.h2(folder);
    }

    @Override
    String sessionsThatWait() {
        return TestDatabase.H2_SESSIONS_THAT_WAIT;
    }
}
