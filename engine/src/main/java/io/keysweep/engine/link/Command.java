package io.keysweep.engine.link;

import java.util.List;

/**
 * One raw command.
 *
 * @param words its name and arguments; never empty
 */
public record Command(List<String> words) {

    public Command {
        words = List.copyOf(words);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("a command has at least its name");
        }
    }

    /** The command with this name and these arguments. */
    public static Command of(String... words) {
        return new Command(List.of(words));
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
