package io.keysweep.engine.lettuce;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.Exchange;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.NodeAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Connects a sweep, and runs actions at one of its steps: before the step is sent, and after its reply has arrived. */
final class FreezingConnector implements NodeConnector {

    private final NodeConnector connector;
    private final int atStep;
    private final Runnable beforeSend;
    private final Runnable afterReply;
    private final AtomicInteger steps = new AtomicInteger();

    /**
     * Creates a connector that runs two actions.
     *
     * @param connector opens the connections
     * @param atStep the number of the step at which the actions run, counted from 1 over all connections
     * @param beforeSend runs before the step is sent
     * @param afterReply runs after the reply to the step has arrived
     */
    FreezingConnector(NodeConnector connector, int atStep, Runnable beforeSend, Runnable afterReply) {
        this.connector = connector;
        this.atStep = atStep;
        this.beforeSend = beforeSend;
        this.afterReply = afterReply;
    }

    @Override
    public NodeLink open(NodeAddress address, Access access) {
        NodeLink link = connector.open(address, access);
        return new NodeLink() {
            @Override
            public Sent send(List<Command> commands) {
                if (!isStep(commands) || steps.incrementAndGet() != atStep) {
                    return link.send(commands);
                }
                beforeSend.run();
                Sent pendingReplies = link.send(commands);
                return () -> {
                    Exchange exchange = pendingReplies.await();
                    afterReply.run();
                    return exchange;
                };
            }

            @Override
            public void close() {
                link.close();
            }
        };
    }

    @Override
    public NodeLink openForMessages(NodeAddress address, Access access, Consumer<String> messages) {
        return connector.openForMessages(address, access, messages);
    }

    /**
     * Returns whether commands are a step of a reclaim method. A command that only tests the permission has a cursor
     * that is not a number.
     */
    private static boolean isStep(List<Command> commands) {
        return commands.stream()
                .flatMap(command ->
                        command.preceding().isEmpty() ? List.of(command).stream() : command.preceding().stream())
                .map(Command::words)
                .anyMatch(words ->
                        (words.getFirst().equals("SCAN") && words.get(1).matches("\\d+") && !words.contains("MATCH"))
                                || (words.getFirst().equals("EVAL")
                                        && words.size() > 3
                                        && words.get(3).matches("\\d+")));
    }

    @Override
    public void close() {
        connector.close();
    }
}
