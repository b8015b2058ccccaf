package io.keysweep.engine.lettuce;

import io.lettuce.core.pubsub.RedisPubSubAdapter;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Passes on the messages that a server publishes on the patterns to which a connection has subscribed. */
final class MessageListener extends RedisPubSubAdapter<byte[], byte[]> {

    private final Consumer<String> messages;

    /** Creates a listener; {@code messages} receives the text of each message. */
    MessageListener(Consumer<String> messages) {
        this.messages = messages;
    }

    @Override
    public void message(byte[] pattern, byte[] channel, byte[] message) {
        messages.accept(new String(message, StandardCharsets.UTF_8));
    }
}
