package io.keysweep.cli.quickstart;

import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import java.util.List;

/**
 * Sends commands to the Redis server of the quickstart's demonstration, over one connection. Only the thread that
 * opened the connection may use it. Each call waits for the replies.
 */
final class DemoConnection implements AutoCloseable {

    private final NodeAddress address;
    private final NodeLink link;

    private DemoConnection(NodeAddress address, NodeLink link) {
        this.address = address;
        this.link = link;
    }

    /**
     * Connects and authenticates.
     *
     * @throws io.keysweep.engine.topology.NodeRefusedException if there is no connection, or the credentials are wrong
     * @throws CommandFailure if the server refuses DBSIZE, for example because it requires credentials and none are
     *     given, or if the connection breaks
     */
    static DemoConnection open(NodeConnector connector, Deployment.Standalone server) {
        DemoConnection connection =
                new DemoConnection(server.address(), connector.open(server.address(), server.access()));
        try {
            // A server that requires a password answers a short command with NOAUTH. It answers a long one, such as
            // MSET of a whole batch, with a protocol error that does not name the cause.
            connection.call("DBSIZE");
        } catch (CommandFailure e) {
            connection.close();
            throw e;
        }
        return connection;
    }

    /**
     * Sends one command and returns its reply. Unlike {@link #call(String...)} it also returns an error reply.
     *
     * @throws CommandFailure if the connection breaks
     */
    Reply callAllowingErrors(String... command) {
        return send(List.of(Command.of(command))).getFirst();
    }

    /**
     * Sends one command and returns its reply.
     *
     * @throws CommandFailure if the connection breaks, or if the server replies with an error
     */
    Reply call(String... command) {
        return call(List.of(Command.of(command))).getFirst();
    }

    /**
     * Sends commands in one write and returns their replies, in order.
     *
     * @throws CommandFailure if the connection breaks, or if the server replies to a command with an error
     */
    List<Reply> call(List<Command> commands) {
        List<Reply> replies = send(commands);
        for (int i = 0; i < commands.size(); i++) {
            if (replies.get(i) instanceof Reply.Failure failure) {
                throw refusal(commands.get(i), failure);
            }
        }
        return replies;
    }

    @Override
    public void close() {
        link.close();
    }

    private List<Reply> send(List<Command> commands) {
        try {
            return link.call(commands).replies();
        } catch (LinkBrokenException e) {
            throw new CommandFailure(
                    ExitCode.UNREACHABLE, "lost the connection to " + address + ": " + e.getMessage(), e);
        }
    }

    /** Converts an error reply to a failure with the exit code that fits the error code of the server. */
    private CommandFailure refusal(Command command, Reply.Failure failure) {
        ExitCode code = switch (failure.code()) {
            case "NOAUTH", "NOPERM" -> ExitCode.DENIED;
            case "LOADING", "MASTERDOWN" -> ExitCode.UNREACHABLE;
            default -> ExitCode.NOT_SWEEPABLE;
        };
        return new CommandFailure(code, address + " refuses " + command.name() + ": " + failure.message());
    }
}
