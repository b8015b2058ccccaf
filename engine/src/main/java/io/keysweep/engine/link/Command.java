package io.keysweep.engine.link;

import java.util.List;

/**
 * Holds one raw command, and optionally commands that must be sent in front of it.
 *
 * @param words its name and arguments; never empty
 * @param keptDepth deepest level of arrays in the reply whose elements are kept; of arrays nested deeper, only the
 *     number of elements is kept, see {@link Reply.Counted}
 * @param preceding commands sent in front of it, for example MULTI in front of EXEC; their replies are discarded, but
 *     the first error among them replaces the reply of this command
 */
public record Command(List<String> words, int keptDepth, List<Command> preceding) {

    public Command {
        words = List.copyOf(words);
        preceding = List.copyOf(preceding);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("words is empty, must hold at least the command's name");
        }
    }

    /** Creates a command whose reply is kept with all its elements. */
    public Command(List<String> words) {
        this(words, Integer.MAX_VALUE, List.of());
    }

    /** Creates a command with the given name and arguments. */
    public static Command of(String... words) {
        return new Command(List.of(words));
    }

    /** Returns the same command, of whose reply only so many levels of arrays are kept; 1 keeps the outermost only. */
    public Command keeping(int depth) {
        return new Command(words, depth, preceding);
    }

    /** Returns the same command with the given commands in front of it. */
    public Command after(List<Command> commands) {
        return new Command(words, keptDepth, commands);
    }

    /** Returns the command's name, as it is sent. */
    public String name() {
        return words.getFirst();
    }

    /** Returns only the name, since arguments may be secrets. */
    @Override
    public String toString() {
        return "Command[" + name() + "]";
    }
}
