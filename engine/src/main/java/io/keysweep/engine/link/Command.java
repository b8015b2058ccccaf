package io.keysweep.engine.link;

import java.util.List;

/**
 * One raw command, perhaps with others that lead up to it.
 *
 * @param words its name and arguments; never empty
 * @param keptDepth arrays in its reply that are nested deeper than this are only counted, see {@link Reply.Counted}
 * @param leads commands sent in front of it, of no interest unless one fails: the first error among their replies stands
 *     in the place of this command's own
 */
public record Command(List<String> words, int keptDepth, List<Command> leads) {

    public Command {
        words = List.copyOf(words);
        leads = List.copyOf(leads);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("a command has at least its name");
        }
    }

    /** A command whose reply is kept whole. */
    public Command(List<String> words) {
        this(words, Integer.MAX_VALUE, List.of());
    }

    /** The command with this name and these arguments. */
    public static Command of(String... words) {
        return new Command(List.of(words));
    }

    /** The same command, of whose reply only so many levels of arrays are kept; 1 keeps the outermost. */
    public Command keeping(int depth) {
        return new Command(words, depth, leads);
    }

    /** The same command, led up to by others. */
    public Command after(List<Command> others) {
        return new Command(words, keptDepth, others);
    }

    /** Its first word, as sent. */
    public String name() {
        return words.getFirst();
    }

    /** Only the name: arguments may be secrets. */
    @Override
    public String toString() {
        return "Command[" + name() + "]";
    }
}
