package io.keysweep.engine.discovery;

import io.keysweep.engine.link.Reply;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads ids of cluster nodes from replies to CLUSTER NODES.
 *
 * <p>A reply has one line for each known node, which begins with the id of the node, its address and its flags. The
 * line of the node that has sent the reply has the flag {@code myself}, for example {@code 07c37dfe…
 * 127.0.0.1:7000@17000 myself,master - 0 0 1 connected 0-5460}.
 */
public final class NodeIds {

    /** The position of the flags among the words of a line. */
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

    /** Returns the ids of all nodes that a reply describes; empty if the reply is an error. */
    static Set<String> allIds(Reply nodes) {
        return nodes instanceof Reply.Text text
                ? text.value()
                        .lines()
                        .filter(line -> line.indexOf(' ') > 0)
                        .map(NodeIds::id)
                        .collect(Collectors.toSet())
                : Set.of();
    }

    /** Returns whether a line of the reply describes the node that has sent it: it has the flag {@code myself}. */
    public static boolean isOwnLine(String line) {
        List<String> words = List.of(line.split(" ", -1));
        return words.size() > FLAGS_WORD
                && List.of(words.get(FLAGS_WORD).split(",", -1)).contains("myself");
    }

    /** Returns the id of the node that a line of the reply describes; the line must have a space. */
    public static String id(String line) {
        return line.substring(0, line.indexOf(' '));
    }
}
