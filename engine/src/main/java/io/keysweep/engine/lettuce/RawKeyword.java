package io.keysweep.engine.lettuce;

import io.lettuce.core.protocol.ProtocolKeyword;
import java.nio.charset.StandardCharsets;

/**
 * Hides the name of a command from Lettuce, so that Lettuce treats all commands alike.
 *
 * <p>Lettuce recognises MULTI, AUTH and SELECT by the text of their keyword and keeps a state for them. Therefore
 * {@link #toString} returns a text that Lettuce does not know; only the bytes contain the name.
 *
 * @param word the command's name, for example {@code MULTI}
 */
record RawKeyword(String word) implements ProtocolKeyword {

    @Override
    public byte[] getBytes() {
        return word.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "raw";
    }
}
