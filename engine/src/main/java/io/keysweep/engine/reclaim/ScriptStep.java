package io.keysweep.engine.reclaim;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.Reply;
import java.util.List;

/** A step as a script: three numbers come back and no key name leaves the server. */
record ScriptStep() implements ReclaimMethod {

    private static final String SCRIPT = "local before = redis.call('DBSIZE') "
            + "local page = redis.call('SCAN', ARGV[1], 'COUNT', ARGV[2]) "
            + "return {page[1], #page[2], before - redis.call('DBSIZE')}";

    @Override
    public String label() {
        return "script";
    }

    @Override
    public List<String> permissions() {
        return List.of("eval", "scan", "dbsize");
    }

    @Override
    public List<Command> commands(long cursor, int count) {
        return eval(Long.toUnsignedString(cursor), count);
    }

    @Override
    public List<Command> probe() {
        return eval("probe", 1);
    }

    // EVAL rather than EVALSHA: it needs one permission less, and survives SCRIPT FLUSH.
    private static List<Command> eval(String cursor, int count) {
        return List.of(Command.of("EVAL", SCRIPT, "0", cursor, Integer.toString(count)));
    }

    @Override
    public StepOutcome outcome(List<Reply> replies, int count) {
        List<Reply> values = replies.getFirst().items(3);
        long cursor = Long.parseUnsignedLong(values.get(0).text());
        long reclaimed = values.get(2).number();
        return new StepOutcome(cursor, values.get(1).number() + reclaimed, reclaimed);
    }
}
