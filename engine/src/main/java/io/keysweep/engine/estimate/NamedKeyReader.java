package io.keysweep.engine.estimate;

import io.keysweep.engine.insight.KeyPicture;
import io.keysweep.engine.insight.PrefixRequest;
import io.keysweep.engine.insight.RemainingTtl;
import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.Exchange;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.plan.Segmentation;
import io.keysweep.engine.reclaim.ReclaimMethod;
import io.keysweep.engine.reclaim.StepOutcome;
import io.keysweep.engine.reclaim.StepRequest;
import io.keysweep.engine.text.ForeignText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Scans keys with a step that returns their names, and then reads each key by its name, for servers that refuse
 * scripts. PTTL reads the time that a key has left to live. For some keys, TYPE and MEMORY USAGE read type and size.
 *
 * <p>The names cross the network, and are then forgotten; only prefixes are kept, if they were requested. A name that
 * is not UTF-8 cannot be sent back, so such a key is treated as unread. A key that has been deleted or has expired
 * since the step is not counted. The class fills the same cells as {@link ScriptKeyReader}'s script; a cell is one
 * number of the picture of the keys, such as the number of keys of one type. Not thread-safe.
 */
final class NamedKeyReader extends TallyingKeyReader {

    /**
     * The number of keys whose TTLs are read in one call. It is small, so that the server serves other clients in
     * between.
     */
    private static final int KEYS_PER_CALL = 50;

    /** The character that replaces bytes in a name that are not UTF-8. */
    private static final char REPLACEMENT = '\uFFFD';

    /** The longest prefix, in characters; a longer one is cut. */
    private static final int MAX_PREFIX = 100;

    /** The reply of PTTL for a key that does not exist. */
    private static final long NO_SUCH_KEY = -2;

    private final NodeLink link;
    private final ReadingPlan plan;
    private final ReclaimMethod method;
    private final Duration timeLimit;
    private final LoadPause pause;

    NamedKeyReader(NodeLink link, ReadingPlan plan, ReclaimMethod method, Duration timeLimit, LoadPause pause) {
        this.link = link;
        this.plan = plan;
        this.method = method;
        this.timeLimit = timeLimit;
        this.pause = pause;
    }

    @Override
    public StepOutcome scan(long cursor, int count) throws InterruptedException {
        List<Command> commands =
                method.commands(new StepRequest(cursor, new Segmentation.Sequential(), count, timeLimit)).stream()
                        .map(command -> command.keeping(Integer.MAX_VALUE))
                        .toList();
        Exchange exchange = link.call(commands);
        StepOutcome outcome = method.outcome(exchange.replies(), count);
        pause.pauseAfter(exchange.roundTrip());
        List<String> names = new ArrayList<>();
        exchange.replies().forEach(reply -> addNames(reply, names));
        for (int i = 0; i < names.size(); i += KEYS_PER_CALL) {
            readKeys(names.subList(i, Math.min(names.size(), i + KEYS_PER_CALL)));
        }
        return outcome;
    }

    /**
     * Adds the names in a reply to the list. The reply to SCAN is a text with the cursor, and an array of names; it may
     * be nested in the reply to EXEC.
     */
    private static void addNames(Reply reply, List<String> names) {
        if (reply instanceof Reply.Items(List<Reply> values)) {
            if (values.size() == 2
                    && values.get(0) instanceof Reply.Text
                    && values.get(1) instanceof Reply.Items(List<Reply> keys)) {
                keys.forEach(key -> names.add(key.text()));
            } else {
                values.forEach(value -> addNames(value, names));
            }
        }
    }

    /** Reads the keys with these names. Keys that cannot be read are counted as unread. */
    private void readKeys(List<String> names) throws InterruptedException {
        List<String> usableNames =
                names.stream().filter(name -> name.indexOf(REPLACEMENT) < 0).toList();
        tally().count(/* readKeys= */ 0, /* measuredKeys= */ 0, names.size() - (long) usableNames.size());
        // A server that has refused PTTL once is not asked again.
        if (usableNames.isEmpty() || refusal() != null) {
            tally().count(/* readKeys= */ 0, /* measuredKeys= */ 0, usableNames.size());
            return;
        }
        Exchange exchange = link.call(
                usableNames.stream().map(name -> Command.of("PTTL", name)).toList());
        pause.pauseAfter(exchange.roundTrip());
        for (int i = 0; i < usableNames.size(); i++) {
            if (exchange.replies().get(i) instanceof Reply.Failure failure) {
                recordRefusal(failure.message());
                tally().count(/* readKeys= */ 0, /* measuredKeys= */ 0, /* unreadKeys= */ 1);
            } else {
                countKey(usableNames.get(i), exchange.replies().get(i).number());
            }
        }
    }

    /**
     * Adds one key to its cells. Also measures the first key and every {@value ReadingPlan#MEASURE_EVERY}th key after
     * it, so that even a server with few keys has types and sizes.
     *
     * @param ttl the reply of PTTL: the time left to live in ms, or negative for a key without a TTL
     */
    private void countKey(String name, long ttl) throws InterruptedException {
        if (ttl == NO_SUCH_KEY) {
            return;
        }
        addReadKeys(1);
        tally().count(/* readKeys= */ 1, /* measuredKeys= */ 0, /* unreadKeys= */ 0);
        RemainingTtl remainingTtl = ttl < 0 ? RemainingTtl.NONE : RemainingTtl.of(Duration.ofMillis(ttl));
        tally().add(PictureCell.LIVING, 1);
        tally().add(PictureCell.of(remainingTtl), 1);
        long periods = plan.request().steps();
        long period = periods;
        if (ttl >= 0) {
            tally().add(PictureCell.VOLATILE, 1);
            period = (plan.millisSinceBegin() + ttl) / plan.request().step().toMillis();
            if (period < periods) {
                tally().add(new PictureCell(PictureCell.Kind.STEP, Long.toString(period)), 1);
                tally().add(PictureCell.DYING, 1);
            }
        }
        PrefixRequest prefixes = plan.request().prefixes();
        if (prefixes != null) {
            countPrefix(prefix(name, prefixes), ttl);
        }
        if (measureRefusal() == null && readKeys() % ReadingPlan.MEASURE_EVERY == 1) {
            measure(name, ttl >= 0, period);
        }
    }

    /** Adds one key to the cells of its prefix; {@code ttl} is as in {@link #countKey}. */
    private void countPrefix(String prefix, long ttl) {
        tally().add(
                        new PictureCell(
                                ttl < 0 ? PictureCell.Kind.PREFIX_WITHOUT_TTL : PictureCell.Kind.PREFIX_WITH_TTL,
                                prefix),
                        1);
        if (ttl >= 0 && ttl < ReadingPlan.SOON.toMillis()) {
            tally().add(new PictureCell(PictureCell.Kind.PREFIX_DYING, prefix), 1);
        }
    }

    /**
     * Returns the prefix of a name. With depth n, it is the beginning up to and including the n-th separator, or the
     * last separator if the name has fewer. It is empty if the name has no separator. Example: with {@code :} and depth
     * 2, {@code a:b:c:d} has the prefix {@code a:b:}.
     */
    static String prefix(String name, PrefixRequest request) {
        int end = 0;
        for (int part = 0; part < request.depth(); part++) {
            int separatorIndex = name.indexOf(request.separator(), end);
            if (separatorIndex < 0) {
                break;
            }
            end = separatorIndex + request.separator().length();
        }
        return ForeignText.beginning(name.substring(0, end), MAX_PREFIX);
    }

    /**
     * Reads type and size of one key, and adds the key to the cells of its type and size.
     *
     * @param period the period of the forecast in which the key dies; a number above all periods for other keys
     */
    private void measure(String name, boolean isVolatile, long period) throws InterruptedException {
        Exchange exchange = link.call(List.of(
                Command.of("TYPE", name),
                Command.of("MEMORY", "USAGE", name, "SAMPLES", Integer.toString(ReadingPlan.SIZE_SAMPLES))));
        pause.pauseAfter(exchange.roundTrip());
        Reply type = exchange.replies().get(0);
        Reply size = exchange.replies().get(1);
        for (Reply reply : List.of(type, size)) {
            if (reply instanceof Reply.Failure failure) {
                recordMeasureRefusal(failure.message());
                return;
            }
        }
        if (!(size instanceof Reply.Numeric(long bytes)) || type.text().equals("none")) {
            return;
        }
        tally().count(/* readKeys= */ 0, /* measuredKeys= */ 1, /* unreadKeys= */ 0);
        tally().add(new PictureCell(PictureCell.Kind.TYPE, type.text()), 1);
        long sizeClass =
                KeyPicture.sizeLimits().stream().filter(limit -> bytes >= limit).count();
        tally().add(new PictureCell(PictureCell.Kind.SIZE, Long.toString(sizeClass)), 1);
        double amount = bytes;
        tally().add(new PictureCell(PictureCell.Kind.BYTES, "all"), amount);
        if (isVolatile) {
            tally().add(new PictureCell(PictureCell.Kind.BYTES, "volatile"), amount);
        }
        if (period < plan.request().steps()) {
            tally().add(new PictureCell(PictureCell.Kind.STEP_MEASURED, Long.toString(period)), 1);
            tally().add(new PictureCell(PictureCell.Kind.STEP_BYTES, Long.toString(period)), amount);
        }
    }

    @Override
    public boolean namesLeave() {
        return true;
    }
}
