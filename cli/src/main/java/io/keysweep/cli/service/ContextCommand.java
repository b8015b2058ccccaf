package io.keysweep.cli.service;

import io.keysweep.cli.contexts.ContextFile;
import io.keysweep.cli.contexts.SavedContexts;
import io.keysweep.cli.output.EntryOutput;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.CommandGroup;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.YesOption;
import io.keysweep.engine.text.ForeignText;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * Implements {@code keysweep context}, which lists the services that the user has logged in to, and chooses or removes
 * one. A context is a service with an access key, saved under a name.
 */
@Command(
        name = "context",
        description = "Lists the services that 'keysweep login' has saved, chooses the one that commands use, and"
                + " removes one.")
public final class ContextCommand extends CommandGroup {

    /**
     * Name of the context of the service on this machine. It is not saved: its address and access key come from the
     * files that the service writes to its home folder.
     */
    static final String LOCAL = "local";

    /** Environment variable with the name of the context to use, which takes precedence over the saved choice. */
    static final String VARIABLE = "KEYSWEEP_CONTEXT";

    private ContextCommand(CommandContext context) {
        super(context);
    }

    /** Creates the command with its subcommands. */
    public static CommandLine withSubcommands(CommandContext context) {
        return new ContextCommand(context).with(new ListContexts(context), new Use(context), new Remove(context));
    }

    /**
     * Returns a message for the user: from now on, commands use this context. If the environment variable names another
     * context, which takes precedence, the message says that instead.
     */
    static String useMessage(CommandContext context, String name) {
        String variable = context.variable(VARIABLE);
        return variable == null || variable.equals(name)
                ? "Commands now use the context '" + name + "'."
                : VARIABLE + " is '" + variable + "' and takes precedence: commands use the context '" + name
                        + "' once you unset it.";
    }

    /**
     * Checks that there is a saved context with this name.
     *
     * @throws CommandFailure if there is none
     */
    private static void requireSavedContext(SavedContexts saved, String name) {
        if (saved.named(name).isEmpty()) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "there is no context '" + ForeignText.line(name)
                            + "': 'keysweep context list' lists all contexts, 'keysweep login' adds one");
        }
    }

    /** Implements {@code keysweep context list}. */
    @Command(
            name = "list",
            description = "Lists the saved contexts without their secrets. Commands use the one that is marked.")
    static final class ListContexts implements Callable<Integer> {

        @Mixin
        private EntryOutput output = new EntryOutput();

        private final CommandContext context;

        private ListContexts(CommandContext context) {
            this.context = context;
        }

        @Override
        public Integer call() {
            output.writeList(context, ContextTable.entries(context), ContextTable.CONTEXTS);
            return ExitCode.DONE.number();
        }
    }

    /** Shares the argument CONTEXT between the commands that change the saved contexts, and saves the change. */
    abstract static class OneContext implements Callable<Integer> {

        @Parameters(paramLabel = "CONTEXT", description = "name of the context, see 'keysweep context list'")
        String name = "";

        final CommandContext context;

        OneContext(CommandContext context) {
            this.context = context;
        }

        /**
         * Returns the changed contexts.
         *
         * @param saved contexts as they are in the file
         * @throws CommandFailure if there is no context of the name
         */
        abstract SavedContexts change(SavedContexts saved);

        /**
         * Reports the change.
         *
         * @param before contexts as they were before the change
         */
        abstract void report(SavedContexts before);

        /** Asks the user before the change if it cannot be undone. */
        void confirm() {}

        @Override
        public final Integer call() {
            confirm();
            report(ContextFile.of(context).change(this::change));
            return ExitCode.DONE.number();
        }
    }

    /** Implements {@code keysweep context use}. */
    @Command(
            name = "use",
            description = "Chooses the context that commands use from now on; 'local' is the service on this machine.")
    static final class Use extends OneContext {

        private Use(CommandContext context) {
            super(context);
        }

        @Override
        SavedContexts change(SavedContexts saved) {
            if (!name.equals(LOCAL)) {
                requireSavedContext(saved, name);
            }
            // A choice of null stands for the service on this machine.
            return saved.using(name.equals(LOCAL) ? null : name);
        }

        @Override
        void report(SavedContexts before) {
            context.err().println(useMessage(context, name));
        }
    }

    /** Implements {@code keysweep context remove}. */
    @Command(
            name = "remove",
            description = {
                "Removes a context with its secret key from the file on this machine, after asking you.",
                "The key itself stays valid until 'keysweep access-keys withdraw'. If there is no terminal, --yes is"
                        + " required."
            })
    static final class Remove extends OneContext {

        @Mixin
        private YesOption yes = new YesOption();

        private Remove(CommandContext context) {
            super(context);
        }

        @Override
        SavedContexts change(SavedContexts saved) {
            requireSavedContext(saved, name);
            return saved.without(name);
        }

        @Override
        void confirm() {
            requireSavedContext(ContextFile.of(context).read(), name);
            yes.confirm(context, "Remove context '" + name + "' with its secret key from this machine?");
        }

        @Override
        void report(SavedContexts before) {
            if (name.equals(before.current())) {
                context.err().println("The removed context was in use. " + useMessage(context, LOCAL));
            }
        }
    }
}
