package io.keysweep.server.notify;

import java.util.Map;

/** Runs the tests of notices about scans with the H2 database. */
final class H2ScanNoticesIT extends ScanNoticesContract {

    @Override
    Map<String, String> variables() {
        return Map.of();
    }
}
