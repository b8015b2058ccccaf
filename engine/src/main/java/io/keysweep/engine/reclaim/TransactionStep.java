package io.keysweep.engine.reclaim;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.Reply;
import java.util.List;

/**
 * A step as a transaction, for servers that refuse scripts or do it cheaper.
 *
 * @param words its SCAN
 * @param largestUsefulCount the COUNT from which on a larger one makes the step longer and hardly anything cheaper; nothing
 *     in a transaction watches the time
 * @param waitsForWrites whether the server holds it back while writes are paused (CLIENT PAUSE, a failover), as it does with
 *     scripts: else it would be done and reclaim nothing
 */
record TransactionStep(ScanCall words, int largestUsefulCount, boolean waitsForWrites) implements ReclaimMethod {

    private static final Command MULTI = Command.of("MULTI");
    private static final Command DBSIZE = Command.of("DBSIZE");
    private static final Command EXEC = Command.of("EXEC");

    /** Held back with all of the transaction, as a script might write; does nothing. */
    private static final Command MIGHT_WRITE = Command.of("EVAL", "return 1", "0");

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
    public List<Command> commands(StepRequest order) {
        return around(words.scan(order.cursor(), order.count()));
    }

    @Override
    public List<Command> probe() {
        return around(words.probe());
    }

    private List<Command> around(Command scan) {
        List<Command> queued = waitsForWrites
                ? List.of(MULTI, DBSIZE, scan, DBSIZE, MIGHT_WRITE)
                : List.of(MULTI, DBSIZE, scan, DBSIZE);
        // The reply to SCAN is one level further down here.
        return List.of(EXEC.keeping(scan.keptDepth() + 1).after(queued));
    }

    @Override
    public StepOutcome outcome(List<Reply> replies, int count) {
        List<Reply> results = replies.getFirst().items(3);
        return words.outcome(results.get(0), results.get(1), results.get(2), count);
    }
}
