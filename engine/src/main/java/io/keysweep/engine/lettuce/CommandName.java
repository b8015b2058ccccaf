package io.keysweep.engine.lettuce;

import io.lettuce.core.protocol.ProtocolKeyword;
import java.nio.charset.StandardCharsets;

/**
 * A command's name as bytes. Lettuce gives MULTI, AUTH or SELECT a meaning of its own by the text of their keyword;
 * links want them raw, so the text is none that it knows.
 */
record CommandName(String word) implements ProtocolKeyword {

    @Override
    public byte[] getBytes() {
        return word.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "raw";
    }
}
