package io.keysweep.engine.link;

import java.util.List;

/**
 * Describes one raw command, such as {@code SCAN 0 COUNT 100}, and how many levels of its reply the link keeps.
 *
 * @param words the command's name and its arguments, sent as UTF-8; never empty
 * @param keptDepth the deepest level of arrays in the reply whose elements are kept; 1 is the outermost array. Of
 *     arrays nested deeper, only the number of elements is kept, see {@link Reply.Counted}
 * @param preceding commands sent directly before this one, for example MULTI and the queued commands before EXEC. Their
 *     replies are discarded, except that the first error among them replaces the reply to this command
 */
public record Command(List<String> words, int keptDepth, List<Command> preceding) {

    public Command {
        words = List.copyOf(words);
        preceding = List.copyOf(preceding);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("words is empty, must hold at least the command's name");
        }
    }

    /** Creates a command without preceding commands, whose reply is kept with all its elements. */
    public Command(List<String> words) {
        this(words, Integer.MAX_VALUE, List.of());
    }

    /** Creates a command with the given name and arguments, without preceding commands. */
    public static Command of(String... words) {
        return new Command(List.of(words));
    }

    /**
     * Returns the same command with another {@link #keptDepth}; 1 keeps only the elements of the outermost array.
     * Example: the reply to SCAN is a cursor and an array of names, so with 1 the names are only counted.
     */
    public Command keeping(int depth) {
        return new Command(words, depth, preceding);
    }

    /** Returns the same command with the given commands as the {@link #preceding} ones. */
    public Command after(List<Command> commands) {
        return new Command(words, keptDepth, commands);
    }

    /** Returns the command's name, for example {@code SCAN}. */
    public String name() {
        return words.getFirst();
    }

    /** Returns a text with only the command's name, since arguments may be passwords or key names. */
    @Override
    public String toString() {
        return "Command[" + name() + "]";
    }
}
