package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Tests a link whose server ends the connection before or after commands are sent. */
final class LettuceLinkIT {

    private static final List<Command> PING = List.of(Command.of("PING"));

    @AutoClose
    private final RedisServer server = RedisServer.start(RedisVersion.REDIS_7_0);

    @AutoClose
    private final RespClient client = server.client();

    @AutoClose
    private final LettuceConnector connector = new LettuceConnector(Duration.ofMinutes(1), Duration.ofMinutes(1));

    @Test
    void send_afterTheServerHasEndedTheConnection_fails() {
        try (NodeLink link = connector.open(new NodeAddress("127.0.0.1", server.port()), Access.OPEN)) {
            assertThat(link.call("PING")).isEqualTo(new Reply.Text("PONG"));
            client.call("CLIENT", "KILL", "TYPE", "normal");

            assertThatExceptionOfType(LinkBrokenException.class).isThrownBy(() -> link.send(PING));
        }
    }

    /**
     * If the server ends the connection while replies are awaited, replies that have arrived can still be read. Only
     * the wait for a missing reply fails.
     */
    @Test
    void send_whileRepliesAreAwaited_failsInTheWait() {
        try (NodeLink link = connector.open(new NodeAddress("127.0.0.1", server.port()), Access.OPEN)) {
            link.call("PING");
            NodeLink.Sent sentBefore = link.send(PING);
            NodeLink.Sent kill = link.send(List.of(Command.of("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "no")));
            NodeLink.Sent sentAfter = link.send(PING);

            assertThat(sentBefore.await().replies()).containsExactly(new Reply.Text("PONG"));
            // The command ends two connections: this link and the test's own client.
            assertThat(kill.await().replies()).containsExactly(new Reply.Numeric(2));
            assertThatExceptionOfType(LinkBrokenException.class).isThrownBy(sentAfter::await);
        }
    }
}
