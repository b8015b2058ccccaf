package io.keysweep.cli.quickstart;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.TestShell;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that an interrupt ends the start of a Redis server for the quickstart. */
final class RedisStarterIT {

    private final TestShell shell = new TestShell().with("PATH", "/usr/bin:/bin");

    @Test
    void start_interruptedAfterThePortWasTaken_endsWithoutAnotherTry(@TempDir Path temporary) throws Exception {
        // The program reports that its port is taken, and does not end.
        Path program = Files.writeString(
                temporary.resolve("redis-server"), "#!/bin/sh\necho 'bind: Address already in use'\nexec sleep 600\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        Path folder = temporary.resolve("demo");

        CompletableFuture<Exception> end = new CompletableFuture<>();
        Thread starter = new Thread(() -> {
            try (NodeConnector unreachable = new UnreachableServers();
                    DemoRedis redis = new RedisStarter(shell.context(), unreachable, folder)
                            .start(new RedisProgram(program.toString(), "a test", /* major= */ 7))) {
                end.completeExceptionally(new AssertionError("started " + redis.uri()));
            } catch (Exception e) {
                end.complete(e);
            }
        });
        starter.start();

        Path log = folder.resolve("redis-1").resolve("log");
        await("the program reports that the port is taken")
                .failFast("the start has ended too early", end::isDone)
                .until(() -> Files.exists(log) && Files.readString(log).contains("Address already in use"));

        starter.interrupt();

        assertThat(end.get()).isInstanceOf(InterruptedException.class);
        assertThat(folder).doesNotExist();
    }

    /** Refuses every connection. */
    private static final class UnreachableServers implements NodeConnector {

        @Override
        public NodeLink open(NodeAddress address, Access access) {
            throw new NodeRefusedException(address.toString(), Reason.UNREACHABLE, address + " is not there");
        }

        @Override
        public NodeLink openForMessages(NodeAddress address, Access access, Consumer<String> messages) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }
}
