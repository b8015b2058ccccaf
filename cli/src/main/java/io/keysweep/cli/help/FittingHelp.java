package io.keysweep.cli.help;

import io.keysweep.cli.shell.CommandContext;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpFactory;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Creates usage texts that fit the user's terminal. On a terminal that is too narrow for the two columns of picocli,
 * the library that parses the command line, {@link NarrowHelp} writes them.
 */
public final class FittingHelp implements IHelpFactory {

    /** Smallest width for which picocli can make columns. */
    private static final int MIN_COLUMNS = 55;

    /** Largest width of a text, because longer lines are hard to read. */
    private static final int MAX_COLUMNS = 100;

    /** Key of the section that replaces all sections of picocli in a narrow usage text. */
    private static final String NARROW = "narrow";

    private final CommandContext context;

    /** Width of usage texts; 0 before the first. */
    private int columns;

    /** Creates the factory, which asks for the width of the terminal once, when the first usage text is created. */
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
