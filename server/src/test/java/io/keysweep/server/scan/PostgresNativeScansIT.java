package io.keysweep.server.scan;

import io.keysweep.server.TestDatabase;
import java.util.Map;

final class PostgresNativeScansIT extends NativeScansContract {

    @Override
    Map<String, String> variables() throws Exception {
        return Map.of("KEYSWEEP_DATABASE_URL", TestDatabase.postgresUrl());
    }
}
