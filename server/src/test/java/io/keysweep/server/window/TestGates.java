package io.keysweep.server.window;

import java.time.Instant;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;

/** Gates of documents, for tests of other rooms. */
public final class TestGates {

    private TestGates() {}

    /** The gate of an instance with those windows, which were set long ago. */
    public static WindowGate of(UUID instanceId, String document) {
        return new WindowGate(
                instanceId, WindowDocuments.read(new JsonMapper().readTree(document)), false, Instant.EPOCH);
    }
}
