package io.keysweep.cli.contexts;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Holds the content of the file of contexts. A context is a service with an access key, saved under a name. Immutable:
 * the methods that change the contexts return a changed copy.
 *
 * @param current name of the context that commands use if the user names none; null for the service on this machine
 * @param contexts the contexts, in the order in which the user has added them
 */
public record SavedContexts(@Nullable String current, List<SavedContext> contexts) {

    public SavedContexts {
        contexts = List.copyOf(contexts);
    }

    /** Returns the context with this name; empty if there is none. */
    public Optional<SavedContext> named(String name) {
        return contexts.stream().filter(context -> context.name().equals(name)).findFirst();
    }

    /**
     * Returns the contexts with another current one.
     *
     * @param name name of a context, which is not checked; null for the service on this machine
     */
    public SavedContexts using(@Nullable String name) {
        return new SavedContexts(name, contexts);
    }

    /**
     * Returns the contexts with an added one, which replaces a context of the same name and becomes the current one.
     */
    public SavedContexts with(SavedContext added) {
        List<SavedContext> changedContexts = new ArrayList<>(without(added.name()).contexts);
        changedContexts.add(added);
        return new SavedContexts(added.name(), changedContexts);
    }

    /**
     * Returns the contexts without the one of this name, if there is one. If it was the current one, the service on
     * this machine becomes current.
     */
    public SavedContexts without(String name) {
        return new SavedContexts(
                name.equals(current) ? null : current,
                contexts.stream()
                        .filter(context -> !context.name().equals(name))
                        .toList());
    }
}
