package io.keysweep.engine.reclaim;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.Reply;
import java.util.List;

/**
 * A step as three plain commands in one write, for servers that refuse transactions too. A server runs commands that it
 * has read together back to back, so nothing comes between them unless the network cuts the write in two.
 */
record PipelineStep(ScanCall words) implements ReclaimMethod {

    @Override
    public String label() {
        return words.namesSent() ? "pipeline" : "pipeline without names";
    }

    @Override
    public boolean atomic() {
        return false;
    }

    @Override
    public List<String> permissions() {
        return List.of("scan", "dbsize");
    }

    @Override
    public List<Command> commands(StepRequest order) {
        return around(words.scan(order.cursor(), order.count()));
    }

    @Override
    public List<Command> probe() {
        return around(words.probe());
    }

    private static List<Command> around(Command scan) {
        return List.of(Command.of("DBSIZE"), scan, Command.of("DBSIZE"));
    }

    @Override
    public StepOutcome outcome(List<Reply> replies, int count) {
        return words.outcome(replies.get(0), replies.get(1), replies.get(2), count);
    }
}
