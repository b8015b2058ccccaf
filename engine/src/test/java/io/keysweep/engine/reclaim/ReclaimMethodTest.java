package io.keysweep.engine.reclaim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.link.Reply.Counted;
import io.keysweep.engine.link.Reply.Failure;
import io.keysweep.engine.link.Reply.Items;
import io.keysweep.engine.link.Reply.Numeric;
import io.keysweep.engine.link.Reply.Text;
import io.keysweep.engine.link.UnexpectedReplyException;
import io.keysweep.engine.plan.Segmentation;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the commands of each reclaim method, and the outcome that it reads from replies. */
final class ReclaimMethodTest {

    /** The largest cursor, which is -1 as a long. */
    private static final String LARGEST = "18446744073709551615";

    private static final ScanCall WITH_NAMES = new ScanCall(/* sendsNames= */ true);
    private static final ScanCall WITHOUT_NAMES = new ScanCall(/* sendsNames= */ false);

    private final ReclaimMethod transaction = new TransactionStep(WITH_NAMES, 120, /* waitsForWrites= */ true);

    /** Returns each reclaim method, with and without key names where it has a choice. */
    static Stream<ReclaimMethod> methods() {
        return Stream.of(
                new ScriptStep(),
                new TransactionStep(WITH_NAMES, 120, /* waitsForWrites= */ false),
                new TransactionStep(WITHOUT_NAMES, 120, /* waitsForWrites= */ true),
                new PipelineStep(WITH_NAMES),
                new PipelineStep(WITHOUT_NAMES));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void commands_largestCursor_isSentUnsigned(ReclaimMethod method) {
        assertThat(
                        method
                                .commands(new StepRequest(-1L, new Segmentation.Sequential(), 10, Duration.ofMillis(1)))
                                .stream()
                                .flatMap(command -> Stream.concat(command.preceding().stream(), Stream.of(command)))
                                .map(Command::words))
                .anyMatch(words -> words.contains(LARGEST));
    }

    @Test
    void script_outcome_countsLiveAndReclaimed() {
        // The script replies with the next cursor, the live keys, the reclaimed keys and its time in µs.
        Reply reply = new Items(List.of(new Text(LARGEST), new Numeric(7), new Numeric(3), new Numeric(950)));
        assertThat(new ScriptStep().outcome(List.of(reply), 10))
                .isEqualTo(new StepOutcome(
                        /* cursor= */ -1, /* visited= */ 10, /* reclaimed= */ 3, Duration.ofNanos(950_000)));
    }

    @Test
    void script_outcomeWithoutTime_hasNoBusyTime() {
        Reply reply = new Items(List.of(new Text("0"), new Numeric(7), new Numeric(3), new Numeric(0)));
        assertThat(new ScriptStep().outcome(List.of(reply), 10))
                .isEqualTo(new StepOutcome(/* cursor= */ 0, /* visited= */ 10, /* reclaimed= */ 3, /* busy= */ null));
    }

    @Test
    void transaction_outcome_countsLiveAndReclaimed() {
        // The database held nine keys before the SCAN and five after it, and the SCAN returned two live ones.
        Reply exec = new Items(List.of(new Numeric(9), page("x", "y"), new Numeric(5), new Numeric(1)));
        assertThat(transaction.outcome(List.of(exec), 10)).isEqualTo(outcome(/* visited= */ 6, /* reclaimed= */ 4));
    }

    @Test
    void transaction_whoseNamesAreOnlyCounted_hasTheirNumberAsVisited() {
        Reply page = new Items(List.of(new Text(LARGEST), new Counted(2)));
        Reply exec = new Items(List.of(new Numeric(9), page, new Numeric(5)));

        assertThat(transaction.outcome(List.of(exec), 10)).isEqualTo(outcome(/* visited= */ 6, /* reclaimed= */ 4));
    }

    @Test
    void pipeline_databaseIsFlushedInBetween_countsNoMoreThanOneScanCanRemove() {
        // A SCAN removes at most 100 keys for each key of its COUNT, here 10.
        List<Reply> replies = List.of(new Numeric(9_000_000), page("x"), new Numeric(0));
        assertThat(new PipelineStep(WITH_NAMES).outcome(replies, 10).reclaimed())
                .isEqualTo(1_000);
    }

    @Test
    void pipeline_databaseGrowsInBetween_reclaimedIsNotNegative() {
        List<Reply> replies = List.of(new Numeric(5), page("x"), new Numeric(6));
        assertThat(new PipelineStep(WITH_NAMES).outcome(replies, 10))
                .isEqualTo(outcome(/* visited= */ 1, /* reclaimed= */ 0));
    }

    @Test
    void pipeline_withoutNames_takesCountAsVisited() {
        List<Reply> replies = List.of(new Numeric(500), page(), new Numeric(480));
        assertThat(new PipelineStep(WITHOUT_NAMES).outcome(replies, 100))
                .isEqualTo(outcome(/* visited= */ 100, /* reclaimed= */ 20));

        // The database held only 500 keys.
        assertThat(new PipelineStep(WITHOUT_NAMES).outcome(replies, 1_000))
                .isEqualTo(outcome(/* visited= */ 500, /* reclaimed= */ 20));

        // A step has visited at least the keys that it has reclaimed.
        assertThat(new PipelineStep(WITHOUT_NAMES).outcome(replies, 10))
                .isEqualTo(outcome(/* visited= */ 20, /* reclaimed= */ 20));
    }

    @Test
    void pipeline_nilInPlaceOfTheNames_isNoOutcome() {
        List<Reply> replies = List.of(new Numeric(5), new Items(List.of(new Text("0"), Reply.Nil.NIL)), new Numeric(4));
        for (ScanCall scan : List.of(WITH_NAMES, WITHOUT_NAMES)) {
            assertThatExceptionOfType(UnexpectedReplyException.class)
                    .isThrownBy(() -> new PipelineStep(scan).outcome(replies, 10))
                    .withMessage("nothing (nil) instead of an array");
        }
    }

    @Test
    void outcome_errorReply_throwsWithTheError() {
        assertThatExceptionOfType(UnexpectedReplyException.class)
                .isThrownBy(() -> new ScriptStep().outcome(List.of(new Failure("BUSY script")), 10))
                .withMessageContaining("BUSY script");
    }

    @ParameterizedTest
    @MethodSource("methods")
    void refusal_onlyTheCursorRejected_isEmpty(ReclaimMethod method) {
        assertThat(method.refusal(List.of(new Items(List.of(new Numeric(1), new Failure("ERR invalid cursor"))))))
                .isEmpty();
        assertThat(method.refusal(List.of(new Failure("NOPERM no")))).contains(new Failure("NOPERM no"));
    }

    /** Returns the outcome of a step that ends at the largest cursor and does not know its time. */
    private static StepOutcome outcome(long visited, long reclaimed) {
        return new StepOutcome(/* cursor= */ -1, visited, reclaimed, /* busy= */ null);
    }

    /** Returns a reply to SCAN with the largest cursor and some names. */
    private static Reply page(String... names) {
        return new Items(List.of(
                new Text(LARGEST),
                new Items(Stream.of(names).<Reply>map(Text::new).toList())));
    }
}
