package io.keysweep.cli.quickstart;

import io.keysweep.cli.quickstart.RespConnection.ErrorReply;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.Shell;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts a Redis of our own on a free port of the loopback interface, without persistence. */
final class RedisStarter {

    private static final String LOOPBACK = "127.0.0.1";
    private static final int ATTEMPTS = 3;
    private static final Duration START_TIMEOUT = Duration.ofSeconds(20);
    private static final long POLL_MILLIS = 20;

    private final Shell shell;
    private final Path folder;

    /**
     * @param shell whose environment the server gets
     * @param folder where the server's own folder is made
     */
    RedisStarter(Shell shell, Path folder) {
        this.shell = shell;
        this.folder = folder;
    }

    DemoRedis start(RedisProgram program) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            int port = freePort();
            Path home = folder.resolve("redis-" + attempt);
            GuardedProcess process =
                    GuardedProcess.start(program.name(), home, shell.environment(), command(program, port, home));
            Deployment.Standalone server = new Deployment.Standalone(new NodeAddress(LOOPBACK, port), Access.OPEN);
            try {
                awaitReady(process, server);
                return new DemoRedis.Own(server, "redis://" + server.address(), program.name(), process);
            } catch (CommandFailure | InterruptedException e) {
                boolean taken = process.lastWords().contains("Address already in use");
                process.close();
                // Between our look and its start somebody else may have taken the port.
                if (!taken || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

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

    private static void awaitReady(GuardedProcess process, Deployment.Standalone server) throws InterruptedException {
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

    /** Whether our own server answers, rather than another that has the port. */
    private static boolean answers(GuardedProcess process, Deployment.Standalone server) {
        try (RespConnection redis = RespConnection.open(server)) {
            Object reply = redis.ask("CONFIG", "GET", "dir");
            return !(reply instanceof ErrorReply)
                    && reply instanceof List<?> setting
                    && setting.size() == 2
                    && process.folder().toString().equals(setting.get(1));
        } catch (CommandFailure e) {
            return false;
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "no free port on " + LOOPBACK + ": " + e.getMessage(), e);
        }
    }
}
