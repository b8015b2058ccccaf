package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.testkit.RedisServer;
import org.jspecify.annotations.Nullable;

/**
 * Inspects servers that the engine must refuse, and checks the refusals.
 *
 * @param engine inspects the servers
 */
record InspectionRefusals(SweepEngine engine) {

    /** Checks the reason of a refusal, and parts of its message, which must not contain a password. */
    void assertRefused(
            RedisServer server, @Nullable String user, @Nullable String password, Reason reason, String... parts) {
        NodeRefusedException e = refusal(server.uri(), user, password);
        assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason);
        assertThat(e.nodeId()).isEqualTo("127.0.0.1:" + server.port());
        assertThat(e).message().contains(parts).doesNotContain("secret", "other ");
    }

    /** Checks the reason of a refusal, and a part of its message. */
    void assertRefused(int port, Reason reason, String part) {
        NodeRefusedException e = refusal("redis://127.0.0.1:" + port, null, null);
        assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason);
        assertThat(e).hasMessageContaining(part);
    }

    /** Returns the exception that the inspection of a server throws. */
    NodeRefusedException refusal(String uri, @Nullable String user, @Nullable String password) {
        NodeRefusedException e = catchThrowableOfType(
                NodeRefusedException.class, () -> engine.inspect(DeploymentUri.parse(uri, user, password)));
        assertThat(e).as("refusal of " + uri).isNotNull();
        return e;
    }
}
