package io.keysweep.benchmarks;

import io.keysweep.benchmarks.capacity.CapacityCommand;
import io.keysweep.benchmarks.comparison.ComparisonCommand;
import io.keysweep.benchmarks.fleet.FleetCommand;
import io.keysweep.benchmarks.starvation.StarvationCommand;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** What {@code dev/bench} starts. */
public final class BenchCommand {

    private BenchCommand() {}

    /** Runs the benchmark that the first argument names, and exits with 0 if it came to its end. */
    public static void main(String[] args) {
        CommandLine bench = new CommandLine(CommandSpec.create().name("dev/bench"));
        bench.addSubcommand("quick", described(ComparisonCommand.quick(), "all ways on 1M + 500k keys"));
        bench.addSubcommand("reference", described(ComparisonCommand.reference(), "all ways on 10M + 5M keys"));
        bench.addSubcommand(
                "starvation", described(new StarvationCommand(), "the server's own expiry beside a slow scan"));
        bench.addSubcommand("fleet", described(new FleetCommand(), "many servers swept by one process"));
        bench.addSubcommand("service", described(new CapacityCommand(), "what a scan costs service and database"));
        for (CommandLine command : bench.getSubcommands().values()) {
            command.getCommandSpec()
                    .addOption(CommandLine.Model.OptionSpec.builder("-h", "--help")
                            .usageHelp(true)
                            .description("shows this help")
                            .build());
        }
        bench.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof IllegalArgumentException) {
                System.err.println("bench: " + failure.getMessage());
                return CommandLine.ExitCode.USAGE;
            }
            throw failure;
        });
        System.exit(bench.execute(args));
    }

    private static CommandLine described(Object command, String description) {
        CommandLine line = new CommandLine(command);
        line.getCommandSpec().usageMessage().description(description);
        return line;
    }
}
