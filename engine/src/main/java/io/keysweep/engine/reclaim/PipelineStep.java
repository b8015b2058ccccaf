package io.keysweep.engine.reclaim;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.Reply;
import java.util.List;

/**
 * Performs a step as three plain commands in one write, for servers that refuse scripts and transactions, and for
 * proxies.
 *
 * <p>The step is one SCAN between two DBSIZE calls; the difference is the number of expired keys that the server has
 * removed. A server runs commands that arrive together directly one after the other. Commands of other clients come
 * between them only if the network splits the write. The count of the step is then inexact.
 *
 * @param scan creates the SCAN of the step
 */
record PipelineStep(ScanCall scan) implements ReclaimMethod {

    /**
     * The largest number of keys that one SCAN can remove, per key of its COUNT. It is generous, because a proxy may
     * pass the SCAN on to several servers. If DBSIZE has fallen further, others have deleted keys in between, for
     * example by FLUSHALL.
     */
    private static final long MOST_PER_COUNT = 100;

    @Override
    public String label() {
        return scan.sendsNames() ? "pipeline" : "pipeline without names";
    }

    @Override
    public boolean atomic() {
        return false;
    }

    @Override
    public boolean countsAsReads() {
        // Without names, SCAN has a filter by type, for which the server looks up each key.
        return !scan.sendsNames();
    }

    @Override
    public List<String> permissions() {
        // With CLIENT KILL another run closes the connection of this run, so that a step sent late never runs.
        return List.of("scan", "dbsize", "client|id", "client|kill");
    }

    @Override
    public List<Command> commands(StepRequest request) {
        return withKeyCounts(scan.command(request.cursor(), request.count()));
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
    public List<Command> probe() {
        return withKeyCounts(scan.probe());
    }

    private static List<Command> withKeyCounts(Command scanCommand) {
        return List.of(Command.of("DBSIZE"), scanCommand, Command.of("DBSIZE"));
    }

    @Override
    public StepOutcome outcome(List<Reply> replies, int count) {
        return scan.outcome(replies.get(0), replies.get(1), replies.get(2), count, MOST_PER_COUNT * count);
    }
}
