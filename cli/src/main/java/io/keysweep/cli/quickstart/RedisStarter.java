package io.keysweep.cli.quickstart;

import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts a Redis server for the quickstart, without persistence, on a free port of 127.0.0.1. */
final class RedisStarter {

    private static final String LOOPBACK = "127.0.0.1";

    /** Number of ports that are tried if another process takes the free port before the server does. */
    private static final int MAX_ATTEMPTS = 3;

    private static final Duration START_TIMEOUT = Duration.ofMinutes(1);
    private static final long POLL_MILLIS = 20;

    private final CommandContext context;
    private final NodeConnector connector;
    private final Path folder;

    /**
     * Creates a starter.
     *
     * @param context provides the environment variables for the server
     * @param folder folder in which the server's own folder is created
     */
    RedisStarter(CommandContext context, NodeConnector connector, Path folder) {
        this.context = context;
        this.connector = connector;
        this.folder = folder;
    }

    /**
     * Starts the server and waits until it answers. The caller must close the returned server, which stops it.
     *
     * @throws CommandFailure if the server ends, or does not answer within a minute
     */
    DemoRedis start(RedisProgram program) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            int port = freePort();
            Path home = folder.resolve("redis-" + attempt);
            GuardedProcess process =
                    GuardedProcess.start(program.name(), home, context.environment(), command(program, port, home));
            Deployment.Standalone server = new Deployment.Standalone(new NodeAddress(LOOPBACK, port), Access.OPEN);
            try {
                awaitReady(process, server);
                return new DemoRedis.OwnServer(server, "redis://" + server.address(), program.name(), process);
            } catch (InterruptedException e) {
                process.close();
                throw e;
            } catch (CommandFailure e) {
                boolean portTaken = process.lastOutput().contains("Address already in use");
                process.close();
                // Another process can take the port between the search for a free one and the start of the server.
                boolean mayRetry = portTaken && attempt < MAX_ATTEMPTS;
                if (!mayRetry) {
                    throw e;
                }
            }
        }
    }

    /**
     * Returns the command that starts the server. It enables DEBUG, with which the quickstart switches the server's own
     * expiry off; from Redis 7.0 on, DEBUG is disabled by default.
     */
    private static List<String> command(RedisProgram program, int port, Path home) {
        List<String> command = new ArrayList<>(List.of(
                program.command(),
                "--bind",
                LOOPBACK,
                "--port",
                Integer.toString(port),
                "--dir",
                home.toString(),
                "--save",
                "",
                "--appendonly",
                "no",
                "--daemonize",
                "no"));
        if (program.guardsDebug()) {
            command.addAll(List.of("--enable-debug-command", "local"));
        }
        return command;
    }

    /**
     * Waits until the server answers; throws a {@link CommandFailure} if it ends, or does not answer within a minute.
     */
    private void awaitReady(GuardedProcess process, Deployment.Standalone server) throws InterruptedException {
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (!answers(process, server)) {
            if (!process.running()) {
                throw process.failure("has ended instead of serving");
            }
            if (System.nanoTime() > deadline) {
                throw process.failure("does not answer within " + START_TIMEOUT.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    /**
     * Returns whether the server that this class has started answers. The folder of the server identifies it, because
     * another server may have taken the port.
     */
    private boolean answers(GuardedProcess process, Deployment.Standalone server) {
        try (DemoConnection redis = DemoConnection.open(connector, server)) {
            return redis.callAllowingErrors("CONFIG", "GET", "dir") instanceof Reply.Items(List<Reply> setting)
                    && setting.size() == 2
                    && setting.getLast().equals(new Reply.Text(process.folder().toString()));
        } catch (CommandFailure | NodeRefusedException e) {
            return false;
        }
    }

    /** Returns a port on which nothing listens at the moment. Another process can still take the port. */
    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.FAILED, "there is no free port on " + LOOPBACK + ": " + e.getMessage(), e);
        }
    }
}
