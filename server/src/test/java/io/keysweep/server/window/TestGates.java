package io.keysweep.server.window;

import java.time.Instant;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;

/** Creates window gates from documents, for tests of other packages. */
public final class TestGates {

    private TestGates() {}

    /** Returns the gate of an instance with the windows of a document, which were set long ago. */
    public static WindowGate of(UUID instanceId, String document) {
        return new WindowGate(
                instanceId,
                WindowDocuments.read(new JsonMapper().readTree(document)),
                /* ofInstance= */ false,
                Instant.EPOCH);
    }
}
