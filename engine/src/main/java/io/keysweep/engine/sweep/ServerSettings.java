package io.keysweep.engine.sweep;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import java.util.List;

/**
 * Settings of a server that change how a sweep goes. Many a managed server refuses to tell them; then the default of the
 * least harm is assumed.
 *
 * @param lazyFree {@code lazyfree-lazy-expire}; no if unknown, so that a sweep starts with care
 * @param nestedExpiry {@code lazyexpire-nested-arbitrary-keys}; yes if unknown, as it is by default and on older servers
 * @param importMode {@code import-mode}; no if unknown
 */
public record ServerSettings(boolean lazyFree, boolean nestedExpiry, boolean importMode) {

    /** Asks the server at the other end of a link. */
    public static ServerSettings read(NodeLink link) {
        List<Reply> replies = link.call(List.of(
                        Command.of("CONFIG", "GET", "lazyfree-lazy-expire"),
                        Command.of("CONFIG", "GET", "lazyexpire-nested-arbitrary-keys"),
                        Command.of("CONFIG", "GET", "import-mode")))
                .replies();
        return new ServerSettings(is(replies.get(0), "yes"), !is(replies.get(1), "no"), is(replies.get(2), "yes"));
    }

    private static boolean is(Reply reply, String value) {
        return reply instanceof Reply.Items items
                && items.values().size() == 2
                && items.values().get(1).equals(new Reply.Text(value));
    }
}
