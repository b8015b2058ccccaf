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
 * <p>Preceding commands are sent only for their effect, for example MULTI before EXEC; {@link ReplyFilter} removes
 * their replies. One Lettuce command saves time in the client. Lettuce creates objects and a future for each of its
 * commands, and a transaction that scans consists of up to six Redis commands.
 */
final class LettuceCommand extends io.lettuce.core.protocol.Command<byte[], byte[], Reply> {

    private static final byte[] LINE_END = {'\r', '\n'};

    private final Command command;

    /** Creates a command that has not been sent. */
    LettuceCommand(Command command) {
        super(
                new RawKeyword(command.name()),
                new ReplyOutput(
                        ByteArrayCodec.INSTANCE,
                        command.keptDepth(),
                        command.preceding().size()));
        this.command = command;
    }

    /**
     * Writes each command as an array of bulk strings, for example {@code *1 $4 PING} for PING, where each space stands
     * for CR LF.
     */
    @Override
    public void encode(ByteBuf buffer) {
        for (Command preceding : command.preceding()) {
            write(buffer, preceding.words());
        }
        write(buffer, command.words());
    }

    private static void write(ByteBuf buffer, List<String> words) {
        writeHeader(buffer, '*', words.size());
        for (int i = 0; i < words.size(); i++) {
            byte[] word = words.get(i).getBytes(StandardCharsets.UTF_8);
            writeHeader(buffer, '$', word.length);
            buffer.writeBytes(word).writeBytes(LINE_END);
        }
    }

    private static void writeHeader(ByteBuf buffer, char type, int size) {
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
