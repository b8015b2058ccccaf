package io.keysweep.server.scan;

import io.keysweep.server.SharedServices;
import io.keysweep.server.TestService;

/** Tests the native API of scans on H2. */
final class H2NativeScansIT extends NativeScansContract {

    @Override
    TestService choose(SharedServices services) {
        return services.h2();
    }
}
