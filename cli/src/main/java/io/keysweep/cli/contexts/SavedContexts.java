package io.keysweep.cli.contexts;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Is the content of the file of contexts.
 *
 * @param current name of the context that commands use if the user names none; null for the service on this machine
 * @param contexts the contexts, in the order in which the user has added them
 */
public record SavedContexts(@Nullable String current, List<SavedContext> contexts) {

    public SavedContexts {
        contexts = List.copyOf(contexts);
    }

    /** Returns the context with this name. */
    public Optional<SavedContext> named(String name) {
        return contexts.stream().filter(context -> context.name().equals(name)).findFirst();
    }

    /** Returns the contexts with another current one. */
    public SavedContexts using(@Nullable String name) {
        return new SavedContexts(name, contexts);
    }

    /** Returns the contexts with one more, which replaces that of the same name and becomes the current one. */
    public SavedContexts with(SavedContext added) {
        List<SavedContext> all = new ArrayList<>(without(added.name()).contexts);
        all.add(added);
        return new SavedContexts(added.name(), all);
    }

    /** Returns the contexts without this one. If it was the current one, there is no current one. */
    public SavedContexts without(String name) {
        return new SavedContexts(
                name.equals(current) ? null : current,
                contexts.stream()
                        .filter(context -> !context.name().equals(name))
                        .toList());
    }
}
