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
 * Inspects servers that the engine must refuse, and asserts what the refusals say.
 *
 * @param engine inspects the servers
 */
record InspectionRefusals(SweepEngine engine) {

    /** Asserts the reason for which a server is refused without credentials, and parts of the message. */
    void assertRefused(RedisServer server, Reason reason, String... parts) {
        assertRefused(server, /* user= */ null, /* password= */ null, reason, parts);
    }

    /** Asserts the reason of a refusal, and parts of its message, which must not contain a password. */
    void assertRefused(
            RedisServer server, @Nullable String user, @Nullable String password, Reason reason, String... parts) {
        NodeRefusedException e = refusal(server.uri(), user, password);
        assertThat(e.reason())
                .as("the reason of the refusal: %s", e.getMessage())
                .isEqualTo(reason);
        assertThat(e.nodeId()).isEqualTo("127.0.0.1:" + server.port());
        assertThat(e).message().contains(parts).doesNotContain("secret", "other ");
    }

    /** Asserts the reason for which a port on this machine is refused, and a part of the message. */
    void assertRefused(int port, Reason reason, String part) {
        NodeRefusedException e = refusal("redis://127.0.0.1:" + port, /* user= */ null, /* password= */ null);
        assertThat(e.reason())
                .as("the reason of the refusal: %s", e.getMessage())
                .isEqualTo(reason);
        assertThat(e).hasMessageContaining(part);
    }

    /** Returns the exception that the inspection of a server throws. */
    NodeRefusedException refusal(String uri, @Nullable String user, @Nullable String password) {
        NodeRefusedException e = catchThrowableOfType(
                NodeRefusedException.class, () -> engine.inspect(DeploymentUri.parse(uri, user, password)));
        assertThat(e).as("the refusal of " + uri).isNotNull();
        return e;
    }
}
