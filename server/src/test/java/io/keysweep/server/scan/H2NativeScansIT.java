package io.keysweep.server.scan;

import io.keysweep.server.SharedServices;
import io.keysweep.server.TestService;

/** Runs {@link NativeScansContract} on an H2 file. */
final class H2NativeScansIT extends NativeScansContract {

    @Override
    TestService choose(SharedServices services) {
        return services.h2();
    }
}
