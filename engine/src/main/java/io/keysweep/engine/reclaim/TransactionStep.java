package io.keysweep.engine.reclaim;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.Reply;
import java.util.List;

/**
 * Performs a step as a transaction (MULTI and EXEC), for servers that refuse scripts or run transactions more cheaply.
 *
 * <p>A step is one SCAN between two DBSIZE calls; the difference is the number of expired keys that the server has
 * removed. No command of another client runs inside a transaction, so the number is exact.
 *
 * @param scan creates the SCAN of the step
 * @param largestUsefulCount the COUNT above which a step takes longer but hardly becomes cheaper; needed because
 *     nothing in a transaction limits its time
 * @param waitsForWrites whether the server delays the transaction while writes are paused (CLIENT PAUSE, a failover).
 *     If false, the transaction runs during the pause, but reclaims nothing
 */
record TransactionStep(ScanCall scan, int largestUsefulCount, boolean waitsForWrites) implements ReclaimMethod {

    private static final Command MULTI = Command.of("MULTI");
    private static final Command DBSIZE = Command.of("DBSIZE");
    private static final Command EXEC = Command.of("EXEC");

    /**
     * A script that does nothing. While writes are paused, the server delays a transaction with a script, since scripts
     * may write.
     */
    private static final Command MIGHT_WRITE = Command.of("EVAL", "return 1", "0");

    @Override
    public String label() {
        return scan.sendsNames() ? "transaction" : "transaction without names";
    }

    @Override
    public boolean atomic() {
        return true;
    }

    @Override
    public boolean countsAsReads() {
        // Without names, SCAN has a filter by type, for which the server looks up each key.
        return !scan.sendsNames();
    }

    @Override
    public List<String> permissions() {
        // With CLIENT KILL another run closes the connection of this run, so that a step sent late never runs.
        return List.of("multi", "exec", "scan", "dbsize", "client|id", "client|kill");
    }

    @Override
    public List<Command> commands(StepRequest request) {
        return inTransaction(scan.command(request.cursor(), request.count()));
    }

    @Override
    public boolean sendsNames() {
        return scan.sendsNames();
    }

    @Override
    public boolean countsLiveKeys() {
        return scan.sendsNames();
    }

    @Override
    public Command dbSizeInStep() {
        return EXEC.after(List.of(MULTI, DBSIZE));
    }

    @Override
    public List<Command> probe() {
        return inTransaction(scan.probe());
    }

    /** Returns the transaction that counts the keys, scans and counts the keys again. */
    private List<Command> inTransaction(Command scanCommand) {
        List<Command> queuedCommands = waitsForWrites
                ? List.of(MULTI, DBSIZE, scanCommand, DBSIZE, MIGHT_WRITE)
                : List.of(MULTI, DBSIZE, scanCommand, DBSIZE);
        // The reply to EXEC contains the reply to SCAN, which is therefore one level deeper.
        return List.of(EXEC.keeping(scanCommand.keptDepth() + 1).after(queuedCommands));
    }

    @Override
    public StepOutcome outcome(List<Reply> replies, int count) {
        // Only the reply to EXEC arrives; its fourth result, if any, is the result of MIGHT_WRITE.
        List<Reply> results = replies.getFirst().items(3);
        return scan.outcome(results.get(0), results.get(1), results.get(2), count, /* mostReclaimed= */ Long.MAX_VALUE);
    }
}
