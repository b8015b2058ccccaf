package io.keysweep.cli.help;

import io.keysweep.cli.shell.CommandContext;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpFactory;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Creates usage texts that fit the user's terminal. Below the smallest width of picocli's columns, {@link NarrowHelp}
 * writes them.
 */
public final class FittingHelp implements IHelpFactory {

    /** Smallest width for which picocli can make columns. */
    private static final int MIN_COLUMNS = 55;
    /** Longer lines are hard to read. */
    private static final int MAX_COLUMNS = 100;

    private static final String NARROW = "narrow";

    private final CommandContext context;
    private int columns;

    /** Creates the factory; it asks for the width of the terminal once, when the first help is shown. */
    public FittingHelp(CommandContext context) {
        this.context = context;
    }

    @Override
    public Help create(CommandSpec spec, Help.ColorScheme colors) {
        if (columns == 0) {
            columns = Math.min(MAX_COLUMNS, context.columns());
        }
        CommandLine command = spec.commandLine();
        if (columns >= MIN_COLUMNS) {
            spec.usageMessage().width(columns);
        } else if (command != null) {
            command.setHelpSectionKeys(List.of(NARROW));
            command.getHelpSectionMap().put(NARROW, help -> NarrowHelp.text(help.commandSpec(), columns));
        }
        return new Help(spec, colors);
    }
}
