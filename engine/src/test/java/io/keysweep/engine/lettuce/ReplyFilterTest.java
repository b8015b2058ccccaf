package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.link.UnexpectedReplyException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that the filter removes the elements of replies that are only counted, wherever the network cuts the bytes.
 *
 * <p>A command keeps the elements of its reply down to a depth. The filter replaces a deeper array by its size. Texts
 * of the tests have {@code |} for the end of a line.
 */
final class ReplyFilterTest {

    /** A reply to EXEC with nested arrays. */
    private static final String EXEC = "*3\r\n:9\r\n*2\r\n$2\r\n17\r\n*3\r\n$1\r\na\r\n$-1\r\n$4\r\n\r\nbc\r\n:5\r\n";

    /** The reply {@link #EXEC} if its elements are kept down to depth 2. */
    private static final String EXEC_COUNTED = "*3\r\n:9\r\n*2\r\n$2\r\n17\r\n:3\r\n:5\r\n";

    private final Greeting greeting = new Greeting();
    private final EmbeddedChannel channel = new EmbeddedChannel(new ReplyFilter(greeting));

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 1_000})
    void read_repliesToSeveralCommands_keepsTheDepthOfEach(int chunk) {
        send(Integer.MAX_VALUE, Integer.MAX_VALUE, 2, 1, Integer.MAX_VALUE);
        String replies = "+OK\r\n" + "-ERR no *3\r\n" + EXEC + "*2\r\n$1\r\n0\r\n*2\r\n$1\r\nx\r\n$0\r\n\r\n" + EXEC;

        assertThat(read(replies, chunk))
                .isEqualTo("+OK\r\n" + "-ERR no *3\r\n" + EXEC_COUNTED + "*2\r\n$1\r\n0\r\n:2\r\n" + EXEC);
    }

    @ParameterizedTest
    @CsvSource({
        // An empty array, an error, a nil or a text takes the place of the counted array.
        "*2|$1|0|*0, *2|$1|0|:0",
        "-ERR no, -ERR no",
        "*-1, *-1",
        "*2|$1|0|$3|abc, *2|$1|0|$3|abc",
        // The counted array contains arrays, errors and numbers.
        "*2|*4|*2|:1|*0|*-1|-ERR|+OK|:7, *2|:4|:7",
        "*1|*1|*1|*1|*1|:1, *1|:1"
    })
    void read_unusualReplies_staysWellFormed(String reply, String expected) {
        send(1, 1);

        assertThat(read(lines(reply) + "*1\r\n*1\r\n:1\r\n", 1)).isEqualTo(lines(expected) + "*1\r\n:1\r\n");
    }

    @Test
    void read_beforeAnyCommand_isKeptAsTheGreeting() {
        assertThat(read("-ERR max number of clients reached\r\n", 4)).isEmpty();
        assertThat(greeting.error()).isEqualTo(new Reply.Failure("ERR max number of clients reached"));
        assertThat(greeting.unexpected()).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 1_000})
    void read_bytesOutsideOfTheProtocol_endTheConnectionAndAreQuoted(int chunk) {
        for (String reply : List.of("$-2", "$x1", "*-3", ":1x", "*3000000000", "$9999999999999999999999")) {
            EmbeddedChannel broken = new EmbeddedChannel(new ReplyFilter(new Greeting()));
            broken.writeOutbound(command(0, 1));

            assertThatExceptionOfType(UnexpectedReplyException.class)
                    .isThrownBy(() -> {
                        for (int at = 0; at < reply.length() + 2; at += chunk) {
                            String bytes = (reply + "\r\n").substring(at, Math.min(reply.length() + 2, at + chunk));
                            broken.writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1));
                        }
                    })
                    .withMessageContaining("instead of a reply of the Redis protocol");
            assertThat(broken.isOpen()).isFalse();
        }
    }

    /** Each reply never ends: a first line, and then the same text again and again. */
    @ParameterizedTest
    @CsvSource({
        "'$2000000000|', '', a reply of more than 32 MiB",
        "+, x, a reply of more than 32 MiB",
        "'*2000000000|', ':1|', a reply of more than 32 MiB",
        "'*2|$1|0|*1|', '*1|', arrays that are nested deeper than 16 levels"
    })
    void read_replyThatWouldFillTheMemory_endsTheConnection(String first, String more, String reason) {
        EmbeddedChannel endless = new EmbeddedChannel(new ReplyFilter(new Greeting()));
        endless.writeOutbound(command(0, Integer.MAX_VALUE));
        ByteBuf next = Unpooled.unreleasableBuffer(
                Unpooled.copiedBuffer(more.replace("|", "\r\n").repeat(500_000), StandardCharsets.ISO_8859_1));

        assertThatExceptionOfType(UnexpectedReplyException.class)
                .isThrownBy(() -> {
                    endless.writeInbound(
                            Unpooled.copiedBuffer(first.replace("|", "\r\n"), StandardCharsets.ISO_8859_1));
                    for (int i = 0; i < 100; i++) {
                        endless.writeInbound(next.duplicate());
                        endless.inboundMessages().clear();
                    }
                })
                .withMessage(reason);
        assertThat(endless.isOpen()).isFalse();
    }

    @Test
    void read_namesThatAreOnlyCounted_haveNoLimit() {
        send(1);
        StringBuilder expected = new StringBuilder(read("*2\r\n$1\r\n0\r\n*50\r\n", 100));
        String name = "$1000000\r\n" + "x".repeat(1_000_000) + "\r\n";
        for (int i = 0; i < 50; i++) {
            expected.append(read(name, 100_000));
        }

        assertThat(expected).hasToString("*2\r\n$1\r\n0\r\n:50\r\n");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void read_randomReplies_keepsEverythingAboveTheDepth(long seed) {
        Random random = new Random(seed);
        StringBuilder replies = new StringBuilder();
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            // The filter does not support depth 0, which would count the outermost array. Here it stands for no limit.
            int kept = random.nextInt(4);
            int preceding = random.nextInt(3);
            sendAfter(preceding, kept == 0 ? Integer.MAX_VALUE : kept);
            for (int other = 0; other < preceding; other++) {
                write(random, 0, Integer.MAX_VALUE, replies, new StringBuilder());
            }
            write(random, 0, kept == 0 ? Integer.MAX_VALUE : kept, replies, expected);
        }
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < replies.length()) {
            int to = Math.min(replies.length(), at + 1 + random.nextInt(60));
            out.append(read(replies.substring(at, to), to - at));
            at = to;
        }

        assertThat(out).hasToString(expected.toString());
    }

    /** The replies to preceding commands are removed, but the first error among them becomes the reply. */
    @ParameterizedTest
    @CsvSource({
        "+OK|+QUEUED|*1|:1, *1|:1",
        "+OK|*2|*2|:1|$3|abc|*0|*1|:1, *1|:1",
        "$3|abc|$-1|-ERR no, -ERR no",
        "-NOPERM a|+QUEUED|*1|:1, -NOPERM a",
        "+OK|-NOPERM b|-EXECABORT, -NOPERM b",
        "-NOPERM a|-NOPERM b|*2|*1|:1|:2, -NOPERM a"
    })
    void read_replyAfterTwoPreceding_isOneReply(String replies, String expected) {
        for (int chunk : new int[] {1, 2, 3, 7, 1_000}) {
            sendAfter(/* preceding= */ 2, /* keptDepth= */ 1);
            send(Integer.MAX_VALUE);
            assertThat(read(lines(replies) + "+OK\r\n", chunk)).isEqualTo(lines(expected) + "+OK\r\n");
        }
    }

    /**
     * Appends a random reply, and what the filter must keep of it.
     *
     * @param depth the depth at which the reply is an element of another, 0 for a whole reply
     * @param kept the depth down to which elements are kept
     */
    private static void write(Random random, int depth, int kept, StringBuilder reply, StringBuilder expected) {
        int kind = depth > 4 ? random.nextInt(3) : random.nextInt(5);
        if (kind < 3) {
            String value = switch (kind) {
                case 0 -> ":" + random.nextInt() + "\r\n";
                case 1 -> "$-1\r\n";
                default -> {
                    String text = "*1\r\n".repeat(random.nextInt(8));
                    yield "$" + text.length() + "\r\n" + text + "\r\n";
                }
            };
            reply.append(value);
            expected.append(value);
            return;
        }
        int size = random.nextInt(6);
        reply.append('*').append(size).append("\r\n");
        expected.append(depth >= kept ? ':' : '*').append(size).append("\r\n");
        StringBuilder elements = depth >= kept ? new StringBuilder() : expected;
        for (int i = 0; i < size; i++) {
            write(random, depth + 1, kept, reply, elements);
        }
    }

    /** Sends commands that no other commands precede, each with the depth down to which its reply is kept. */
    private void send(int... keptDepths) {
        if (keptDepths.length == 1) {
            sendAfter(/* preceding= */ 0, keptDepths[0]);
            return;
        }
        channel.writeOutbound(IntStream.of(keptDepths)
                .mapToObj(keptDepth -> command(/* preceding= */ 0, keptDepth))
                .toList());
    }

    /** Sends a command with some preceding commands. */
    private void sendAfter(int preceding, int keptDepth) {
        channel.writeOutbound(command(preceding, keptDepth));
    }

    private static LettuceCommand command(int preceding, int keptDepth) {
        Command x = Command.of("X");
        return new LettuceCommand(x.keeping(keptDepth).after(Collections.nCopies(preceding, x)));
    }

    /** Receives bytes in chunks of a size, and returns what the filter passes on. */
    private String read(String bytes, int chunk) {
        StringBuilder out = new StringBuilder();
        for (int at = 0; at < bytes.length(); at += chunk) {
            String part = bytes.substring(at, Math.min(bytes.length(), at + chunk));
            channel.writeInbound(Unpooled.copiedBuffer(part, StandardCharsets.ISO_8859_1));
            for (ByteBuf read = channel.readInbound(); read != null; read = channel.readInbound()) {
                out.append(read.toString(StandardCharsets.ISO_8859_1));
                read.release();
            }
        }
        return out.toString();
    }

    /** Returns a text with the ends of lines that the protocol has. */
    private static String lines(String words) {
        return words.replace("|", "\r\n") + "\r\n";
    }
}
