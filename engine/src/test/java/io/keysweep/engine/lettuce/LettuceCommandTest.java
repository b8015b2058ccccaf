package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.link.Command;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the bytes as which a command is sent, together with the commands that precede it. */
final class LettuceCommandTest {

    @Test
    void encode_precedingCommands_areWrittenFirst() {
        Command exec = Command.of("EXEC").after(List.of(Command.of("MULTI"), Command.of("SCAN", "0", "COUNT", "120")));
        assertThat(encoded(exec).split("\r\n"))
                .containsExactly(
                        "*1", "$5", "MULTI", "*4", "$4", "SCAN", "$1", "0", "$5", "COUNT", "$3", "120", "*1", "$4",
                        "EXEC");
    }

    @Test
    void encode_anyArgument_announcesItsLengthInBytes() {
        String longArgument = "x".repeat(12);
        assertThat(encoded(Command.of("AUTH", "secret-\u00e4", "", longArgument)))
                .isEqualTo("*4\r\n$4\r\nAUTH\r\n$9\r\nsecret-\u00e4\r\n$0\r\n\r\n$12\r\n" + longArgument + "\r\n");
        assertThat(encoded(new Command(Collections.nCopies(123, "a")))).startsWith("*123\r\n$1\r\na\r\n");
    }

    /** Returns the bytes of a command, as UTF-8 text. */
    private static String encoded(Command command) {
        ByteBuf buffer = Unpooled.buffer();
        new LettuceCommand(command).encode(buffer);
        return buffer.toString(StandardCharsets.UTF_8);
    }
}
