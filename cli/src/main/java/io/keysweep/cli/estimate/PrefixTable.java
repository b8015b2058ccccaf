package io.keysweep.cli.estimate;

import io.keysweep.cli.output.Table;
import io.keysweep.cli.output.TableText;
import io.keysweep.engine.insight.KeyCount;
import io.keysweep.engine.insight.PrefixCount;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Formats the numbers of keys by prefix as an aligned table.
 *
 * <p>The prefix is the last column, so that a long one does not push the numbers over the edge of a terminal with 80
 * columns. For the same reason, only the dead keys have an interval; JSON has all of them.
 */
final class PrefixTable {

    private PrefixTable() {}

    /**
     * Returns the header and one line for each prefix.
     *
     * @param deadKnown whether the numbers of dead keys are known
     */
    static List<String> lines(List<PrefixCount> prefixes, boolean deadKnown) {
        Table<PrefixCount> table = Table.of("", PrefixTable::name, PrefixTable::name);
        if (deadKnown) {
            table.column("DEAD", prefix -> keys(prefix.dead())).column("+/-", prefix -> error(prefix.dead()));
        } else {
            table.column("DEAD", prefix -> "unknown");
        }
        table.column("DIE IN 1 H", prefix -> keys(prefix.dyingSoon()))
                .column("WITH TTL", prefix -> keys(prefix.withTtl()))
                .column("NO TTL", prefix -> keys(prefix.withoutTtl()))
                .column("PREFIX", PrefixTable::name);
        return TableText.table(table, prefixes, /* wide= */ false);
    }

    private static String name(PrefixCount prefix) {
        String text = prefix.prefix();
        if (text == null) {
            return "(all others)";
        }
        return text.isEmpty() ? "(without a separator)" : text;
    }

    private static @Nullable Long keys(@Nullable KeyCount count) {
        return count == null ? null : Long.valueOf(count.keys());
    }

    /** Returns the distance from a count to the farther end of its interval. */
    private static @Nullable Long error(@Nullable KeyCount count) {
        return count == null
                ? null
                : Long.valueOf(Math.max(count.keys() - count.lowest(), count.highest() - count.keys()));
    }
}
