package io.keysweep.engine.discovery;

import io.keysweep.engine.link.Reply;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the id of a cluster node from its own line in its reply to CLUSTER NODES. */
public final class NodeIds {

    private static final int FLAGS_WORD = 2;

    private NodeIds() {}

    /** Returns the id of the node that has sent the reply; null if the reply does not contain it, or is an error. */
    static @Nullable String ownId(Reply nodes) {
        return nodes instanceof Reply.Text text
                ? text.value()
                        .lines()
                        .filter(NodeIds::isOwnLine)
                        .findFirst()
                        .map(NodeIds::id)
                        .orElse(null)
                : null;
    }

    /** Returns whether a line of the reply describes the node that has sent it: it has the flag {@code myself}. */
    public static boolean isOwnLine(String line) {
        List<String> words = List.of(line.split(" ", -1));
        return words.size() > FLAGS_WORD
                && List.of(words.get(FLAGS_WORD).split(",", -1)).contains("myself");
    }

    /** Returns the id of the node that a line of the reply describes. */
    public static String id(String line) {
        return line.substring(0, line.indexOf(' '));
    }
}
