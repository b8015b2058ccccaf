package io.keysweep.cli;

import io.keysweep.cli.shell.CommandContext;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine;

/**
 * Lists the subcommands of {@code keysweep}, and creates only those that a call needs. To create all of them takes
 * longer than the whole rest of a start.
 */
final class Subcommands {

    /** Arguments that ask for the version alone, for which no subcommand is needed. */
    private static final Set<List<String>> VERSION = Set.of(List.of("--version"), List.of("-V"));

    private final CommandContext context;
    private final Map<String, Function<CommandContext, ?>> creators = new LinkedHashMap<>();

    /** The names of the commands that write about all commands. */
    private final Set<String> overviews = new HashSet<>();

    Subcommands(CommandContext context) {
        this.context = context;
    }

    /** Adds a command. The help lists the commands in the order in which they are added. */
    Subcommands with(String name, Function<CommandContext, ?> creator) {
        creators.put(name, creator);
        return this;
    }

    /** Adds several commands by their names. */
    Subcommands with(Map<String, ? extends Function<CommandContext, ?>> moreCreators) {
        creators.putAll(moreCreators);
        return this;
    }

    /** Adds a command that writes about all commands. */
    Subcommands withOverview(String name, Function<CommandContext, ?> creator) {
        overviews.add(name);
        return with(name, creator);
    }

    /**
     * Creates the subcommands that these arguments of a call need. This is the command that the first argument names;
     * it is none if the arguments ask for the version; for all other arguments, such as {@code --help} or a misspelt
     * command, it is every command.
     */
    void addTo(CommandLine commandLine, List<String> arguments) {
        String first = arguments.isEmpty() ? "" : arguments.get(0);
        if (creators.containsKey(first) && !overviews.contains(first)) {
            add(commandLine, first);
        } else if (!VERSION.contains(arguments)) {
            creators.keySet().forEach(name -> add(commandLine, name));
        }
    }

    private void add(CommandLine commandLine, String name) {
        commandLine.addSubcommand(
                name, Objects.requireNonNull(creators.get(name)).apply(context));
    }
}
