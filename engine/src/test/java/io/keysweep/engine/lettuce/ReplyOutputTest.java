package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.link.Reply;
import io.keysweep.engine.link.Reply.Counted;
import io.keysweep.engine.link.Reply.Failure;
import io.keysweep.engine.link.Reply.Items;
import io.keysweep.engine.link.Reply.Numeric;
import io.keysweep.engine.link.Reply.Text;
import io.lettuce.core.codec.ByteArrayCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests how an output builds a reply from the calls that the decoder of the client library makes. */
final class ReplyOutputTest {

    @Test
    void fill_unlimitedDepth_keepsAllElements() {
        assertThat(exec(Integer.MAX_VALUE))
                .isEqualTo(items(
                        new Numeric(9),
                        items(new Text("17"), items(new Text("a"), Reply.Nil.NIL, new Text("bc"))),
                        new Numeric(5)));
    }

    @Test
    void fill_numberBelowTheKeptDepth_isTheSizeOfAnArray() {
        ReplyOutput output = output(2);
        output.multi(3);
        output.set(9);
        output.multi(2);
        output.set(text("17"));
        output.set(3);
        output.set(5);

        assertThat(output.get())
                .isEqualTo(items(new Numeric(9), items(new Text("17"), new Counted(3)), new Numeric(5)));
    }

    @Test
    void fill_negativeSizeOfAnArray_isNil() {
        ReplyOutput output = output(1);
        output.multi(2);
        output.set(text("0"));
        output.set(-1);

        assertThat(output.get()).isEqualTo(items(new Text("0"), Reply.Nil.NIL));
    }

    @Test
    void fill_emptyArray_isKept() {
        ReplyOutput output = output(Integer.MAX_VALUE);
        output.multi(2);
        output.set(text("0"));
        output.multi(0);

        assertThat(output.get()).isEqualTo(items(new Text("0"), items()));
        assertThat(output.get().items(2).get(1).size()).isZero();
    }

    @Test
    void fill_errorInPlaceOfAnArray_isKept() {
        ReplyOutput output = output(1);
        output.setError(text("ERR no"));

        assertThat(output.get()).isEqualTo(new Failure("ERR no"));
    }

    /** Returns the reply to the EXEC of a step. */
    private static Reply exec(int keptDepth) {
        ReplyOutput output = output(keptDepth);
        output.multi(3);
        output.set(9);
        output.multi(2);
        output.set(text("17"));
        output.multi(3);
        output.set(text("a"));
        output.set((ByteBuffer) null);
        output.set(text("bc"));
        output.set(5);
        return output.get();
    }

    /** Returns an output that keeps elements down to a depth. */
    private static ReplyOutput output(int keptDepth) {
        return new ReplyOutput(ByteArrayCodec.INSTANCE, keptDepth, /* precedingReplies= */ 0);
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Items items(Reply... values) {
        return new Items(List.of(values));
    }
}
