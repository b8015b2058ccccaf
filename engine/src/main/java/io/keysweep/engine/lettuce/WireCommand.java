package io.keysweep.engine.lettuce;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.Reply;
import io.lettuce.core.codec.ByteArrayCodec;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A command with those that lead up to it as the client library takes it: one, with one reply, whatever it writes. To the
 * library each command is an object with a promise on its way through the pipeline, and a transaction is six of them.
 */
final class WireCommand extends io.lettuce.core.protocol.Command<byte[], byte[], Reply> {

    private static final byte[] LINE_END = {'\r', '\n'};

    private final Command command;

    WireCommand(Command command) {
        super(
                new CommandName(command.name()),
                new ReplyOutput(
                        ByteArrayCodec.INSTANCE,
                        command.keptDepth(),
                        command.leads().size()));
        this.command = command;
    }

    /** Arrays of bulk strings (Redis protocol specification). */
    @Override
    public void encode(ByteBuf buffer) {
        for (Command lead : command.leads()) {
            write(buffer, lead.words());
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
        if (size < 10) {
            buffer.writeByte('0' + size);
        } else {
            buffer.writeCharSequence(Integer.toString(size), StandardCharsets.US_ASCII);
        }
        buffer.writeBytes(LINE_END);
    }
}
