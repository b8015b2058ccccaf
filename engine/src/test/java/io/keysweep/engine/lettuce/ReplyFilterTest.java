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
    void read_repliesToSeveralCommands_keepsElementsDownToTheDepthOfEachCommand(int chunk) {
        // The third command keeps its reply down to depth 2, the fourth down to depth 1, and the others keep all.
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
    void read_repliesWithoutAnArrayToCountOrWithNestedOnes_stayWellFormed(String reply, String expected) {
        send(1, 1);

        assertThat(read(lines(reply) + "*1\r\n*1\r\n:1\r\n", 1)).isEqualTo(lines(expected) + "*1\r\n:1\r\n");
    }

    @Test
    void read_beforeAnyCommand_isKeptAsTheGreeting() {
        assertThat(read("-ERR max number of clients reached\r\n", 4)).isEmpty();
        assertThat(greeting.error()).isEqualTo(new Reply.Failure("ERR max number of clients reached"));
        assertThat(greeting.asUnexpectedReply()).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 1_000})
    void read_bytesOutsideOfTheProtocol_endTheConnectionAndAreQuoted(int chunk) {
        for (String reply : List.of("$-2", "$x1", "*-3", ":1x", "*3000000000", "$9999999999999999999999")) {
            EmbeddedChannel broken = new EmbeddedChannel(new ReplyFilter(new Greeting()));
            broken.writeOutbound(command(/* preceding= */ 0, /* keptDepth= */ 1));

            assertThatExceptionOfType(UnexpectedReplyException.class)
                    .isThrownBy(() -> {
                        String line = reply + "\r\n";
                        for (int start = 0; start < line.length(); start += chunk) {
                            String bytes = line.substring(start, Math.min(line.length(), start + chunk));
                            broken.writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1));
                        }
                    })
                    .withMessageContaining("instead of a reply of the Redis protocol");
            assertThat(broken.isOpen()).isFalse();
        }
    }

    /** Each reply never ends: after its beginning, the same text comes again and again. */
    @ParameterizedTest
    @CsvSource({
        "'$2000000000|', '', a reply of more than 32 MiB",
        "+, x, a reply of more than 32 MiB",
        "'*2000000000|', ':1|', a reply of more than 32 MiB",
        "'*2|$1|0|*1|', '*1|', arrays that are nested deeper than 16 levels"
    })
    void read_replyThatWouldFillTheMemory_endsTheConnection(String beginning, String repeatedText, String reason) {
        EmbeddedChannel endless = new EmbeddedChannel(new ReplyFilter(new Greeting()));
        endless.writeOutbound(command(/* preceding= */ 0, /* keptDepth= */ Integer.MAX_VALUE));
        ByteBuf repeatedBytes = Unpooled.unreleasableBuffer(
                Unpooled.copiedBuffer(repeatedText.replace("|", "\r\n").repeat(500_000), StandardCharsets.ISO_8859_1));

        assertThatExceptionOfType(UnexpectedReplyException.class)
                .isThrownBy(() -> {
                    endless.writeInbound(
                            Unpooled.copiedBuffer(beginning.replace("|", "\r\n"), StandardCharsets.ISO_8859_1));
                    for (int i = 0; i < 100; i++) {
                        endless.writeInbound(repeatedBytes.duplicate());
                        endless.inboundMessages().clear();
                    }
                })
                .withMessage(reason);
        assertThat(endless.isOpen()).isFalse();
    }

    @Test
    void read_countedNamesLongerThanTheLimitOfAReply_areCounted() {
        send(1);

        // The command counts 50 names of 1 MB, which is more than the limit of 32 MiB for other replies.
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
            int randomDepth = random.nextInt(4);
            int keptDepth = randomDepth == 0 ? Integer.MAX_VALUE : randomDepth;
            int preceding = random.nextInt(3);
            sendAfter(preceding, keptDepth);

            // The filter removes the replies to the preceding commands, so they do not count as expected.
            for (int p = 0; p < preceding; p++) {
                write(random, /* depth= */ 0, Integer.MAX_VALUE, replies, new StringBuilder());
            }
            write(random, /* depth= */ 0, keptDepth, replies, expected);
        }

        // The replies arrive in pieces of 1 to 60 bytes.
        StringBuilder filtered = new StringBuilder();
        int start = 0;
        while (start < replies.length()) {
            int end = Math.min(replies.length(), start + 1 + random.nextInt(60));
            filtered.append(read(replies.substring(start, end), end - start));
            start = end;
        }

        assertThat(filtered).hasToString(expected.toString());
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
    void read_repliesToTwoPrecedingCommandsAndOneMore_areOneReply(String replies, String expected) {
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
     * @param keptDepth the depth down to which elements are kept
     */
    private static void write(Random random, int depth, int keptDepth, StringBuilder reply, StringBuilder expected) {
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
        expected.append(depth >= keptDepth ? ':' : '*').append(size).append("\r\n");
        StringBuilder elements = depth >= keptDepth ? new StringBuilder() : expected;
        for (int i = 0; i < size; i++) {
            write(random, depth + 1, keptDepth, reply, elements);
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
        Command command = Command.of("X");
        return new LettuceCommand(command.keeping(keptDepth).after(Collections.nCopies(preceding, command)));
    }

    /** Receives bytes in chunks of a size, and returns what the filter passes on. */
    private String read(String bytes, int chunk) {
        StringBuilder passedOn = new StringBuilder();
        for (int start = 0; start < bytes.length(); start += chunk) {
            String part = bytes.substring(start, Math.min(bytes.length(), start + chunk));
            channel.writeInbound(Unpooled.copiedBuffer(part, StandardCharsets.ISO_8859_1));
            for (ByteBuf buffer = channel.readInbound(); buffer != null; buffer = channel.readInbound()) {
                passedOn.append(buffer.toString(StandardCharsets.ISO_8859_1));
                buffer.release();
            }
        }
        return passedOn.toString();
    }

    /** Returns a text with the ends of lines that the protocol has. */
    private static String lines(String words) {
        return words.replace("|", "\r\n") + "\r\n";
    }
}
