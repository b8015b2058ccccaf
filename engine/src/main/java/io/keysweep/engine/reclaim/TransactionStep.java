package io.keysweep.engine.reclaim;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.Reply;
import java.util.List;

/** A step as a transaction, for servers that refuse scripts. */
record TransactionStep(ScanWords words) implements ReclaimMethod {

    @Override
    public String label() {
        return words.namesSent() ? "transaction" : "transaction without names";
    }

    @Override
    public boolean atomic() {
        return true;
    }

    @Override
    public List<String> permissions() {
        return List.of("multi", "exec", "scan", "dbsize");
    }

    @Override
    public List<Command> commands(StepOrder order) {
        return around(words.scan(order.cursor(), order.count()));
    }

    @Override
    public List<Command> probe() {
        return around(words.probe());
    }

    private static List<Command> around(Command scan) {
        return List.of(Command.of("MULTI"), Command.of("DBSIZE"), scan, Command.of("DBSIZE"), Command.of("EXEC"));
    }

    @Override
    public StepOutcome outcome(List<Reply> replies, int count) {
        List<Reply> results = replies.getLast().items(3);
        return words.outcome(results.get(0), results.get(1), results.get(2), count);
    }
}
