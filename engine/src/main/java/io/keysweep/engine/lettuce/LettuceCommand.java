package io.keysweep.engine.lettuce;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.Reply;
import io.lettuce.core.codec.ByteArrayCodec;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes a command and its preceding commands as one Lettuce command with one reply.
 *
 * <p>This saves time in the client: Lettuce creates objects and a future for each command, and a step as a transaction
 * consists of up to six commands.
 */
final class LettuceCommand extends io.lettuce.core.protocol.Command<byte[], byte[], Reply> {

    private static final byte[] LINE_END = {'\r', '\n'};

    private final Command command;

    LettuceCommand(Command command) {
        super(
                new RawKeyword(command.name()),
                new ReplyOutput(
                        ByteArrayCodec.INSTANCE,
                        command.keptDepth(),
                        command.preceding().size()));
        this.command = command;
    }

    /** Writes each command as an array of bulk strings (Redis protocol specification). */
    @Override
    public void encode(ByteBuf buffer) {
        for (Command preceding : command.preceding()) {
            write(buffer, preceding.words());
        }
        write(buffer, command.words());
    }

    private static void write(ByteBuf buffer, List<String> words) {
        header(buffer, '*', words.size());
        for (int i = 0; i < words.size(); i++) {
            byte[] word = words.get(i).getBytes(StandardCharsets.UTF_8);
            header(buffer, '$', word.length);
            buffer.writeBytes(word).writeBytes(LINE_END);
        }
    }

    private static void header(ByteBuf buffer, char type, int size) {
        buffer.writeByte(type);
        // Most sizes have one digit, for which no text needs to be created.
        if (size < 10) {
            buffer.writeByte('0' + size);
        } else {
            buffer.writeCharSequence(Integer.toString(size), StandardCharsets.US_ASCII);
        }
        buffer.writeBytes(LINE_END);
    }
}
