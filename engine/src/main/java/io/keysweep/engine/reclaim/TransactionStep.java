package io.keysweep.engine.reclaim;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.Reply;
import java.util.List;

/** A step as a transaction, for servers that refuse scripts. */
record TransactionStep(ScanWords words) implements ReclaimMethod {

    /** On the servers where it is the cheaper way, the fixed cost of a step is small beside that of so many keys. */
    private static final int SHORT_STEP = 500;

    @Override
    public String label() {
        return words.namesSent() ? "transaction" : "transaction without names";
    }

    @Override
    public boolean atomic() {
        return true;
    }

    /** Nothing in a transaction watches the time. */
    @Override
    public int largestUsefulCount() {
        return SHORT_STEP;
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
        return List.of(
                Command.of("MULTI"),
                Command.of("DBSIZE"),
                scan,
                Command.of("DBSIZE"),
                // The reply to SCAN is one level further down here.
                Command.of("EXEC").keeping(scan.keptDepth() + 1));
    }

    @Override
    public StepOutcome outcome(List<Reply> replies, int count) {
        List<Reply> results = replies.getLast().items(3);
        return words.outcome(results.get(0), results.get(1), results.get(2), count);
    }
}
