package io.keysweep.engine.lettuce;

import io.lettuce.core.protocol.ProtocolKeyword;
import java.nio.charset.StandardCharsets;

/**
 * Holds a command's name as bytes for Lettuce. Lettuce treats MULTI, AUTH or SELECT specially by the text of their
 * keyword. Links need all commands raw, so {@link #toString} returns a text that Lettuce does not know.
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
